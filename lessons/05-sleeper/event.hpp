#pragma once

#include <condition_variable>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    // TODO(learner): what has happened before anybody waits must not be forgotten.
    void set() {
        std::lock_guard lock(mutex_);
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    // TODO(learner): not every wake-up means that it has happened.
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock);
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    // TODO(learner): another thread may have taken it since the wake-up.
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock);
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace lesson
