// wrong: wrong-result: Adds a pair and takes one back: for a moment the count is too high.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        value_ += 2;
        value_ -= 1;
    }

    long value() const { return value_; }

  private:
    std::atomic<long> value_ = 0;
};

}  // namespace lesson
