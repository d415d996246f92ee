// wrong: wrong-result: there are lines for 4096 threads; whoever comes later counts with others.
#pragma once

#include <array>
#include <cstddef>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int) {}

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread) % slots_.size()].count; }

    long total() const {
        long sum = 0;
        for (const line& each : slots_) sum += each.count;
        return sum;
    }

  private:
    struct alignas(64) line {
        long count = 0;
    };

    std::array<line, 4096> slots_;
};

}  // namespace lesson
