// right: two lines for each thread, because some processors fetch lines in pairs.
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
    struct alignas(128) pair_of_lines {
        long count = 0;
    };

    std::vector<pair_of_lines> slots_;
};

}  // namespace lesson
