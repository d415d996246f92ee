// wrong: use-after-free: Throws away what another thread still sleeps on, to make it anew.
#pragma once

#include <future>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() { promise_.set_value(); }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() { future_.wait(); }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        future_.wait();
        std::lock_guard lock(mutex_);
        promise_ = std::promise<void>();
        future_ = promise_.get_future().share();
    }

  private:
    std::mutex mutex_;
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

}  // namespace lesson
