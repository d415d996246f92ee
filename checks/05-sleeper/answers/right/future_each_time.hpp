// right: A promise for each time; those who wait share its future.
#pragma once

#include <future>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        if (happened_) return;
        happened_ = true;
        promise_.set_value();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() { current().wait(); }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        for (;;) {
            current().wait();
            std::lock_guard lock(mutex_);
            if (!happened_) continue;  // another thread has taken it
            happened_ = false;
            promise_ = std::promise<void>();
            future_ = promise_.get_future().share();
            return;
        }
    }

  private:
    std::shared_future<void> current() {
        std::lock_guard lock(mutex_);
        return future_;
    }

    std::mutex mutex_;
    std::promise<void> promise_;                                       // guarded by mutex_
    std::shared_future<void> future_ = promise_.get_future().share();  // guarded by mutex_
    bool happened_ = false;                                            // guarded by mutex_
};

}  // namespace lesson
