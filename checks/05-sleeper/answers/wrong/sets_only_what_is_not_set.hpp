// wrong: lost-wakeup: Does nothing when it has happened already, as a look without the lock says:
// by then another thread is taking it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        if (happened_) return;
        std::lock_guard lock(mutex_);
        happened_ = true;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_.load(); });
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_.load(); });
        happened_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> happened_ = false;
};

}  // namespace lesson
