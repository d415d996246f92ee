// right: An atomic_flag as a lock: set by the one inside, cleared on leaving.
#pragma once

#include <atomic>
#include <thread>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        lock();
        ++value_;
        unlock();
    }

    long value() const {
        lock();
        const long result = value_;
        unlock();
        return result;
    }

  private:
    void lock() const {
        // Pairs with the release in unlock().
        while (taken_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    }
    void unlock() const { taken_.clear(std::memory_order_release); }

    mutable std::atomic_flag taken_;
    long value_ = 0;  // guarded by taken_
};

}  // namespace lesson
