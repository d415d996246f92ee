// wrong: livelock: Cures a lost wake-up by waking up now and then without one.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        happened_ = true;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        while (!happened_) changed_.wait_for(lock, std::chrono::milliseconds(10));
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        while (!happened_.exchange(false)) changed_.wait_for(lock, std::chrono::milliseconds(10));
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> happened_ = false;
};

}  // namespace lesson
