// wrong: race: The lock is given back before the count is written.
#pragma once

#include <mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        long next = 0;
        {
            std::lock_guard lock(mutex_);
            next = value_ + 1;
        }
        value_ = next;
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
