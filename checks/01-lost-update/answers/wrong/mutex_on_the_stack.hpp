// wrong: race: Every call locks a mutex of its own.
#pragma once

#include <mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        std::mutex mutex;
        std::lock_guard lock(mutex);
        ++value_;
    }

    long value() const { return value_; }

  private:
    long value_ = 0;
};

}  // namespace lesson
