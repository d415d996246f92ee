// wrong: deadlock: An atomic does not wake anybody by being written.
#pragma once

#include <atomic>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() { happened_ = true; }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() { happened_.wait(false); }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        while (!happened_.exchange(false)) happened_.wait(false);
    }

  private:
    std::atomic<bool> happened_ = false;
};

}  // namespace lesson
