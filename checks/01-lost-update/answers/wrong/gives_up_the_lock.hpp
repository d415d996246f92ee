// wrong: wrong-result: Tries the lock a thousand times, and then leaves the increment out.
#pragma once

#include <mutex>
#include <thread>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        for (int tries = 0; tries < 1000; ++tries) {
            if (mutex_.try_lock()) {
                ++value_;
                mutex_.unlock();
                return;
            }
            std::this_thread::yield();
        }
    }

    long value() const {
        std::lock_guard lock(mutex_);
        return value_;
    }

  private:
    mutable std::mutex mutex_;
    long value_ = 0;
};

}  // namespace lesson
