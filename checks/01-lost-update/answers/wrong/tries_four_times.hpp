// wrong: wrong-result: Tries four times, and then writes whatever others have written meanwhile.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        long seen = value_.load();
        for (int tries = 0; tries < 4; ++tries) {
            if (value_.compare_exchange_strong(seen, seen + 1)) return;
        }
        value_.store(seen + 1);
    }

    long value() const { return value_.load(); }

  private:
    std::atomic<long> value_ = 0;
};

}  // namespace lesson
