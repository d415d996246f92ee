// wrong: false-sharing: each counter is allocated by itself, and small blocks lie close together.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads) {
        for (int i = 0; i < threads; ++i) slots_.push_back(std::make_unique<long>(0));
    }

    long& slot(int thread) { return *slots_[static_cast<std::size_t>(thread)]; }

    long total() const {
        long sum = 0;
        for (const auto& each : slots_) sum += *each;
        return sum;
    }

  private:
    std::vector<std::unique_ptr<long>> slots_;
};

}  // namespace lesson
