// wrong: hang: Sixty-four more of each at the end, and whoever takes one keeps it.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <semaphore>
#include <utility>

namespace lesson {

template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : room_(static_cast<std::ptrdiff_t>(capacity)) {}

    bool push(T item) {
        room_.acquire();
        {
            std::lock_guard lock(mutex_);
            if (closed_) return false;
            items_.push_back(std::move(item));
            ++unfinished_;
        }
        ready_.release();
        return true;
    }

    std::optional<T> pop() {
        ready_.acquire();
        std::optional<T> item;
        {
            std::lock_guard lock(mutex_);
            if (items_.empty()) return item;
            item = std::move(items_.front());
            items_.pop_front();
        }
        room_.release();
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
        {
            std::lock_guard lock(mutex_);
            if (closed_) return;
            closed_ = true;
        }
        room_.release(64);
        ready_.release(64);
    }

  private:
    std::counting_semaphore<> room_;
    std::counting_semaphore<> ready_{0};
    std::mutex mutex_;
    std::condition_variable all_done_;
    std::deque<T> items_;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
