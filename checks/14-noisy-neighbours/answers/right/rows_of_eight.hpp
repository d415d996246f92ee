// right: each thread has a row of eight longs and counts in its first.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) : slots_(static_cast<std::size_t>(threads)) {}

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)].front(); }

    long total() const {
        long sum = 0;
        for (const auto& each : slots_) sum += each.front();
        return sum;
    }

  private:
    std::vector<std::array<long, 8>> slots_;
};

}  // namespace lesson
