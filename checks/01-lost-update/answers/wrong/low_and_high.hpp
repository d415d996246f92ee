// wrong: wrong-result: Two atomics, and a reader between the wrap of the one and the carry to the other.
#pragma once

#include <atomic>
#include <cstdint>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        if (++low_ == 0) ++high_;
    }

    long value() const { return high_ * 256 + low_; }

  private:
    std::atomic<std::uint8_t> low_ = 0;
    std::atomic<long> high_ = 0;
};

}  // namespace lesson
