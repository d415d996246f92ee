// wrong: false-sharing: the vector object is aligned, and its elements lie side by side as before.
#pragma once

#include <cstddef>
#include <vector>

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
    alignas(64) std::vector<long> slots_;
};

}  // namespace lesson
