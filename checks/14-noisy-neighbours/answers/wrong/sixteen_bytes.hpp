// wrong: false-sharing: aligned to 16 bytes, four threads to a line.
#pragma once

#include <cstddef>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) : slots_(static_cast<std::size_t>(threads)) {}

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)].count; }

    long total() const {
        long sum = 0;
        for (const auto& each : slots_) sum += each.count;
        return sum;
    }

  private:
    struct alignas(16) aligned {
        long count = 0;
    };

    std::vector<aligned> slots_;
};

}  // namespace lesson
