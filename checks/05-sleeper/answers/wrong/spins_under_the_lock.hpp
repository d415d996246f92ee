// wrong: livelock: Waits with the mutex in its hand, which set() wants.
#pragma once

#include <mutex>
#include <thread>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        happened_ = true;
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::lock_guard lock(mutex_);
        while (!happened_) std::this_thread::yield();
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::lock_guard lock(mutex_);
        while (!happened_) std::this_thread::yield();
        happened_ = false;
    }

  private:
    std::mutex mutex_;
    bool happened_ = false;  // guarded by mutex_
};

}  // namespace lesson
