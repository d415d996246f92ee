// wrong: wrong-result: Fills a place under another lock, and the next counts as this one.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace lesson {

template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : places_(capacity) {}

    bool push(T item) {
        std::unique_lock lock(mutex_);
        has_room_.wait(lock, [this] { return taken_ < places_.size() || closed_; });
        if (closed_) return false;
        ++taken_;
        ++unfinished_;
        const std::size_t place = tail_++ % places_.size();
        lock.unlock();
        {
            std::lock_guard filling(places_mutex_);
            places_[place] = std::move(item);
        }
        lock.lock();
        ++ready_;
        has_items_.notify_one();
        return true;
    }

    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        has_items_.wait(lock, [this] { return ready_ > 0 || (closed_ && taken_ == 0); });
        if (ready_ == 0) return std::nullopt;
        --ready_;
        const std::size_t place = head_++ % places_.size();
        std::optional<T> item;
        {
            std::lock_guard emptying(places_mutex_);
            item = std::move(places_[place]);
        }
        --taken_;
        has_room_.notify_one();
        if (closed_ && taken_ == 0) has_items_.notify_all();
        return item;
    }

    void task_done() {
        std::lock_guard lock(mutex_);
        if (--unfinished_ == 0) all_done_.notify_all();
    }

    void join() {
        std::unique_lock lock(mutex_);
        all_done_.wait(lock, [this] { return unfinished_ == 0; });
    }

    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        has_room_.notify_all();
        has_items_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::mutex places_mutex_;
    std::condition_variable has_room_;
    std::condition_variable has_items_;
    std::condition_variable all_done_;
    std::vector<T> places_;  // guarded by places_mutex_; the rest by mutex_
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
    std::size_t taken_ = 0;
    std::size_t ready_ = 0;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
