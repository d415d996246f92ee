// right: Every change has a number; who has to wait waits for the next number.
#pragma once
#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace lesson {

template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}

    bool push(T item) {
        std::unique_lock lock(mutex_);
        wait_until(lock, [this] { return items_.size() < capacity_ || closed_; });
        if (closed_) return false;
        items_.push_back(std::move(item));
        ++unfinished_;
        tell();
        return true;
    }

    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        wait_until(lock, [this] { return !items_.empty() || closed_; });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item = std::move(items_.front());
        items_.pop_front();
        tell();
        return item;
    }

    void task_done() {
        std::lock_guard lock(mutex_);
        --unfinished_;
        tell();
    }

    void join() {
        std::unique_lock lock(mutex_);
        wait_until(lock, [this] { return unfinished_ == 0; });
    }

    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        tell();
    }

  private:
    template <class Condition>
    void wait_until(std::unique_lock<std::mutex>& lock, Condition holds) {
        while (!holds()) {
            const unsigned seen = changes_;
            lock.unlock();
            changes_.wait(seen);
            lock.lock();
        }
    }

    void tell() {
        ++changes_;
        changes_.notify_all();
    }

    const std::size_t capacity_;
    std::mutex mutex_;
    std::atomic<unsigned> changes_ = 0;  // written with mutex_ held
    std::deque<T> items_;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
