// wrong: false-sharing: a deque keeps references valid, and its elements in blocks side by side.
#pragma once

#include <cstddef>
#include <deque>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) : slots_(static_cast<std::size_t>(threads)) {}

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)]; }

    long total() const {
        long sum = 0;
        for (const auto& each : slots_) sum += each;
        return sum;
    }

  private:
    std::deque<long> slots_;
};

}  // namespace lesson
