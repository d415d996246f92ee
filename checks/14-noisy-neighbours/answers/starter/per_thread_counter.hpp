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
    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)]; }

    /// The sum of all slots. For the time after the counting: nothing orders it with a slot's
    /// thread that still counts.
    long total() const {
        long sum = 0;
        for (const long each : slots_) sum += each;
        return sum;
    }

  private:
    // TODO(learner): no two threads may count on the same cache line, which is 64 bytes.
    std::vector<long> slots_;
};

}  // namespace lesson
