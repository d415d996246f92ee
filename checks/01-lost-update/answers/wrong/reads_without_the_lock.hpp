// wrong: race: increment() locks and value() does not.
#pragma once

#include <mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        std::lock_guard lock(mutex_);
        ++value_;
    }

    long value() const { return value_; }

  private:
    mutable std::mutex mutex_;
    long value_ = 0;
};

}  // namespace lesson
