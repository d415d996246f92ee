// right: A ring of places that are made once; notifies after the unlock.
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
        while (in_ - out_ == places_.size() && !closed_) has_room_.wait(lock);
        if (closed_) return false;
        places_[in_++ % places_.size()] = std::move(item);
        lock.unlock();
        has_items_.notify_one();
        return true;
    }

    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        while (in_ == out_ && !closed_) has_items_.wait(lock);
        if (in_ == out_) return std::nullopt;
        std::optional<T> item = std::move(places_[out_++ % places_.size()]);
        lock.unlock();
        has_room_.notify_one();
        return item;
    }

    void task_done() {
        std::unique_lock lock(mutex_);
        const bool all = ++done_ == in_;
        lock.unlock();
        if (all) all_done_.notify_all();
    }

    void join() {
        std::unique_lock lock(mutex_);
        while (done_ != in_) all_done_.wait(lock);
    }

    void close() {
        std::unique_lock lock(mutex_);
        closed_ = true;
        lock.unlock();
        has_room_.notify_all();
        has_items_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable has_room_;
    std::condition_variable has_items_;
    std::condition_variable all_done_;
    std::vector<T> places_;  // guarded by mutex_, as are the numbers of all that ever came by
    std::size_t in_ = 0;
    std::size_t out_ = 0;
    std::size_t done_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
