// wrong: false-sharing: padded to 32 bytes, half a line.
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
    struct padded {
        long count = 0;
        char padding[24];
    };

    std::vector<padded> slots_;
};

}  // namespace lesson
