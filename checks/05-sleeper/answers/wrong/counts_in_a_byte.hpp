// wrong: hang: Counts how often it happened in one byte: 256 times are none.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        ++sets_;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return sets_ != taken_; });
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return sets_ != taken_; });
        taken_ = sets_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint8_t sets_ = 0;
    std::uint8_t taken_ = 0;
};

}  // namespace lesson
