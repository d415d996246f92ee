// right: each counter is an allocation of its own, as large as a line and aligned to one.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) {
        for (int i = 0; i < threads; ++i) slots_.push_back(std::make_unique<line>());
    }

    long& slot(int thread) { return slots_[static_cast<std::size_t>(thread)]->count; }

    long total() const {
        long sum = 0;
        for (const auto& each : slots_) sum += each->count;
        return sum;
    }

  private:
    struct alignas(64) line {
        long count = 0;
    };

    std::vector<std::unique_ptr<line>> slots_;
};

}  // namespace lesson
