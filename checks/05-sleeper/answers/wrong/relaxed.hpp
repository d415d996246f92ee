// wrong: race: The waking works, but its relaxed order hands over nothing that was written before.
#pragma once

#include <atomic>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        happened_.store(true, std::memory_order_relaxed);
        happened_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        while (!happened_.load(std::memory_order_relaxed)) {
            happened_.wait(false, std::memory_order_relaxed);
        }
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        while (!happened_.exchange(false, std::memory_order_relaxed)) {
            happened_.wait(false, std::memory_order_relaxed);
        }
    }

  private:
    std::atomic<bool> happened_ = false;
};

}  // namespace lesson
