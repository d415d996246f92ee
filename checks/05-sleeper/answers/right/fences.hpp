// right: A relaxed atomic that is waited for by its value, between a release and an acquire fence.
#pragma once

#include <atomic>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::atomic_thread_fence(std::memory_order_release);
        happened_.store(1, std::memory_order_relaxed);
        happened_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        happened_.wait(0, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_acquire);
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        int one = 1;
        while (!happened_.compare_exchange_weak(one, 0, std::memory_order_relaxed)) {
            happened_.wait(0, std::memory_order_relaxed);
            one = 1;
        }
        std::atomic_thread_fence(std::memory_order_acquire);
    }

  private:
    std::atomic<int> happened_ = 0;
};

}  // namespace lesson
