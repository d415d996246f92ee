// wrong: deadlock: One more item of each kind at the end, and the first who takes it keeps it.
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
    explicit bounded_queue(std::size_t capacity)
        : places_(static_cast<std::ptrdiff_t>(capacity)), items_(0) {}

    bool push(T item) {
        places_.acquire();
        {
            std::lock_guard lock(mutex_);
            if (!closed_) {
                queue_.push_back(std::move(item));
                ++unfinished_;
                items_.release();
                return true;
            }
        }
        places_.release();
        return false;
    }

    std::optional<T> pop() {
        items_.acquire();
        std::lock_guard lock(mutex_);
        if (queue_.empty()) {
            return std::nullopt;
        }
        std::optional<T> item = std::move(queue_.front());
        queue_.pop_front();
        places_.release();
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
        if (std::exchange(closed_, true)) return;
        places_.release();
        items_.release();
    }

  private:
    std::counting_semaphore<> places_;
    std::counting_semaphore<> items_;
    std::mutex mutex_;
    std::condition_variable all_done_;
    std::deque<T> queue_;
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
