#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace lesson {

/// Hands items from threads that make them to threads that work on them, first in, first out. It
/// holds `capacity` items, so that those who are faster have to wait for the others. A T can be
/// moved and made without arguments. Any thread may call any member; the queue outlives every call.
template <class T>
class bounded_queue {
  public:
    /// At least 1.
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}

    /// Puts the item in, and sleeps first for as long as the queue is full. True when it is in;
    /// false when the queue is closed, also if that happens during the sleep: then it is not.
    bool push(T item) {
        std::unique_lock lock(mutex_);
        has_room_.wait(lock, [this] { return items_.size() < capacity_ || closed_; });
        if (closed_) return false;
        items_.push_back(std::move(item));
        // In the same critical section: nobody can be done with it before it counts.
        ++unfinished_;
        has_items_.notify_one();
        return true;
    }

    /// Takes the oldest item out, and sleeps first for as long as there is none. Nothing when the
    /// queue is closed and everything has been taken out.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        has_items_.wait(lock, [this] { return !items_.empty() || closed_; });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item = std::move(items_.front());
        items_.pop_front();
        has_room_.notify_one();
        return item;
    }

    /// Says that the work on one item is finished: once for each that was taken out.
    void task_done() {
        std::lock_guard lock(mutex_);
        if (--unfinished_ == 0) all_done_.notify_all();
    }

    /// Sleeps until the work on every item that was put in is finished. All of that work can be
    /// seen afterwards.
    void join() {
        std::unique_lock lock(mutex_);
        all_done_.wait(lock, [this] { return unfinished_ == 0; });
    }

    /// Nothing more is let in; what is in there can still be taken out. Twice is the same as once.
    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        // It concerns every one of them, not the next one only.
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
