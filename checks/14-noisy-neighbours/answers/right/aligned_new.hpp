// right: an array of lines straight from the aligned operator new.
#pragma once

#include <cstddef>
#include <memory>
#include <numeric>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads)
        : threads_(static_cast<std::size_t>(threads)), lines_(std::make_unique<line[]>(threads_)) {}

    long& slot(int thread) { return lines_[static_cast<std::size_t>(thread)].count; }

    long total() const {
        return std::accumulate(lines_.get(), lines_.get() + threads_, 0L,
                               [](long sum, const line& each) { return sum + each.count; });
    }

  private:
    struct alignas(64) line {
        long count = 0;
    };

    std::size_t threads_;
    std::unique_ptr<line[]> lines_;
};

}  // namespace lesson
