// right: Writes the successor only if nobody else has written since.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        long seen = value_.load();
        while (!value_.compare_exchange_weak(seen, seen + 1)) {
        }
    }

    long value() const { return value_.load(); }

  private:
    std::atomic<long> value_ = 0;
};

}  // namespace lesson
