// wrong: wrong-result: the total is added up in an int.
#pragma once

#include <cstddef>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) : slots_(static_cast<std::size_t>(threads)) {}

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)].count; }

    long total() const {
        unsigned sum = 0;
        for (const line& each : slots_) sum += static_cast<unsigned>(each.count);
        return static_cast<int>(sum);
    }

  private:
    struct alignas(64) line {
        long count = 0;
    };

    std::vector<line> slots_;
};

}  // namespace lesson
