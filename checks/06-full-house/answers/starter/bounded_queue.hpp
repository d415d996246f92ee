#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
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
    // TODO(learner): what does not fit in must not be lost.
    bool push(T item) {
        std::lock_guard lock(mutex_);
        if (items_.size() < capacity_) {
            items_.push_back(std::move(item));
            ++unfinished_;
        }
        return true;
    }

    /// Takes the oldest item out, and sleeps first for as long as there is none. Nothing when the
    /// queue is closed and everything has been taken out.
    // TODO(learner): nobody may keep a core busy while there is nothing to do.
    std::optional<T> pop() {
        while (true) {
            std::unique_lock lock(mutex_);
            if (!items_.empty()) {
                std::optional<T> item = std::move(items_.front());
                items_.pop_front();
                return item;
            }
            lock.unlock();
            if (closed_) return std::nullopt;
            std::this_thread::yield();
        }
    }

    /// Says that the work on one item is finished: once for each that was taken out.
    void task_done() {
        std::lock_guard lock(mutex_);
        --unfinished_;
    }

    /// Sleeps until the work on every item that was put in is finished. All of that work can be
    /// seen afterwards.
    // TODO(learner): the same here.
    void join() {
        while (unfinished_ > 0) std::this_thread::yield();
    }

    /// Nothing more is let in; what is in there can still be taken out. Twice is the same as once.
    // TODO(learner): whoever sleeps has to hear of it, and nothing may be let in any more.
    void close() { closed_ = true; }

  private:
    const std::size_t capacity_;
    std::mutex mutex_;
    std::deque<T> items_;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
