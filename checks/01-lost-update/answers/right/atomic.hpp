// right: One atomic, whose increment is indivisible.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() { ++value_; }

    long value() const { return value_; }

  private:
    std::atomic<long> value_ = 0;
};

}  // namespace lesson
