// wrong: lost-wakeup: Tells two sleepers of the first item, and nobody of the third.
#pragma once
#include <condition_variable>
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
        has_room_.wait(lock, [this] { return items_.size() < capacity_ || closed_; });
        if (closed_) return false;
        items_.push_back(std::move(item));
        ++unfinished_;
        if (items_.size() == 1) {
            has_items_.notify_one();
            has_items_.notify_one();
        }
        return true;
    }

    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        has_items_.wait(lock, [this] { return !items_.empty() || closed_; });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item = std::move(items_.front());
        items_.pop_front();
        has_room_.notify_one();
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
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable has_room_;   // or it is closed
    std::condition_variable has_items_;  // or it is closed
    std::condition_variable all_done_;
    std::deque<T> items_;         // guarded by mutex_
    std::size_t unfinished_ = 0;  // guarded by mutex_
    bool closed_ = false;         // guarded by mutex_
};

}  // namespace lesson
