// right: A thread owns the queue; the others send it messages, and wait for a future.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace lesson {
template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity), owner_([this] { run(); }) {}
    bounded_queue(const bounded_queue&) = delete;
    bounded_queue& operator=(const bounded_queue&) = delete;
    ~bounded_queue() {
        send([this] { over_ = true; });
        owner_.join();
    }

    bool push(T item) {
        waiting_push mine{std::move(item), {}};
        std::future<bool> in = mine.answer.get_future();
        send([this, &mine] { pushes_.push_back(&mine); });
        return in.get();
    }

    std::optional<T> pop() {
        std::promise<std::optional<T>> mine;
        std::future<std::optional<T>> out = mine.get_future();
        send([this, &mine] { pops_.push_back(std::move(mine)); });
        return out.get();
    }

    void task_done() {
        std::promise<void> told;
        auto known = told.get_future();
        send([this, told = std::make_shared<std::promise<void>>(std::move(told))] {
            --unfinished_;
            told->set_value();
        });
        known.get();
    }

    void join() {
        std::promise<void> mine;
        std::future<void> done = mine.get_future();
        send([this, &mine] { joins_.push_back(std::move(mine)); });
        done.get();
    }

    void close() {
        std::promise<void> told;
        auto known = told.get_future();
        send([this, told = std::make_shared<std::promise<void>>(std::move(told))] {
            closed_ = true;
            told->set_value();
        });
        known.get();
    }

  private:
    struct waiting_push {
        T item;
        std::promise<bool> answer;
    };

    void send(std::function<void()> message) {
        std::lock_guard lock(mutex_);
        mail_.push_back(std::move(message));
        came_.notify_one();
    }

    void run() {
        while (!over_) {
            std::unique_lock lock(mutex_);
            came_.wait(lock, [this] { return !mail_.empty(); });
            std::function<void()> message = std::move(mail_.front());
            mail_.pop_front();
            lock.unlock();
            message();
            settle();
        }
    }

    void settle() {
        bool again = true;
        while (again) {
            again = false;
            if (!pushes_.empty() && (closed_ || items_.size() < capacity_)) {
                waiting_push* push = pushes_.front();
                pushes_.pop_front();
                std::promise<bool> answer = std::move(push->answer);
                if (!closed_) {
                    items_.push_back(std::move(push->item));
                    ++unfinished_;
                }
                answer.set_value(!closed_);
                again = true;
            }
            if (!pops_.empty() && (closed_ || !items_.empty())) {
                std::promise<std::optional<T>> pop = std::move(pops_.front());
                pops_.pop_front();
                std::optional<T> item;
                if (!items_.empty()) {
                    item = std::move(items_.front());
                    items_.pop_front();
                }
                pop.set_value(std::move(item));
                again = true;
            }
        }
        if (unfinished_ == 0) {
            for (auto& join : joins_) join.set_value();
            joins_.clear();
        }
    }

    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::function<void()>> mail_;
    // the owner's alone
    std::deque<T> items_;
    std::deque<waiting_push*> pushes_;
    std::deque<std::promise<std::optional<T>>> pops_;
    std::deque<std::promise<void>> joins_;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
    bool over_ = false;
    std::thread owner_;
};

}  // namespace lesson
