// wrong: race: Writers share one mutex and readers another.
#pragma once

#include <mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        std::lock_guard lock(write_mutex_);
        ++value_;
    }

    long value() const {
        std::lock_guard lock(read_mutex_);
        return value_;
    }

  private:
    std::mutex write_mutex_;
    mutable std::mutex read_mutex_;
    long value_ = 0;
};

}  // namespace lesson
