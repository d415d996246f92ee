// wrong: wrong-result: Indivisible, and too narrow to count to a million.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() { ++value_; }

    long value() const { return value_; }

  private:
    std::atomic<short> value_ = 0;
};

}  // namespace lesson
