#pragma once

#include <cstddef>
#include <vector>

namespace lesson {

/// Counts on several threads without a lock: each thread has a counter of its own.
class per_thread_counter {
  public:
    /// Room for threads 0 to threads - 1, all at zero; `threads` is at least 1.
    explicit per_thread_counter(int threads) : slots_(static_cast<std::size_t>(threads)) {}

    /// The counter that thread number `thread` alone reads and writes; it stays where it is. Any
    /// thread, for its own number.
    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)].count; }

    /// The sum of all slots. For the time after the counting: nothing orders it with a slot's
    /// thread that still counts.
    long total() const {
        long sum = 0;
        for (const line& each : slots_) sum += each.count;
        return sum;
    }

  private:
    /// A cache line: what cores pass to one another when one of them writes.
    struct alignas(64) line {
        long count = 0;
    };

    std::vector<line> slots_;
};

}  // namespace lesson
