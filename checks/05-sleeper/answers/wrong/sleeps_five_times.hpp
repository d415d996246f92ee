// wrong: wrong-result: Goes on after five wake-ups, whether it has happened or not.
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
        happened_ = true;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        for (int tries = 0; tries < 5 && !happened_; ++tries) changed_.wait(lock);
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        for (int tries = 0; tries < 5 && !happened_; ++tries) changed_.wait(lock);
        happened_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool happened_ = false;
};

}  // namespace lesson
