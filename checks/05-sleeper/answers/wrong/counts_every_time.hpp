// wrong: wrong-result: Counts how often it has happened: twice lets two go.
#pragma once

#include <condition_variable>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        ++happened_;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_ > 0; });
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_ > 0; });
        --happened_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int happened_ = 0;  // guarded by mutex_
};

}  // namespace lesson
