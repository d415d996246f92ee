// wrong: wrong-result: One static count for all counters.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() { ++value_; }

    long value() const { return value_; }

  private:
    static inline std::atomic<long> value_ = 0;
};

}  // namespace lesson
