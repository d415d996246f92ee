// wrong: wrong-result: the slots are static, so that all counters are one.
#pragma once

#include <cstddef>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) {
        const auto wanted = static_cast<std::size_t>(threads);
        if (slots().size() < wanted) slots().resize(wanted);
    }

    long& slot(int thread) { return slots()[static_cast<std::size_t>(thread)].count; }

    long total() const {
        long sum = 0;
        for (const line& each : slots()) sum += each.count;
        return sum;
    }

  private:
    struct alignas(64) line {
        long count = 0;
    };

    static std::vector<line>& slots() {
        static std::vector<line> all;
        return all;
    }
};

}  // namespace lesson
