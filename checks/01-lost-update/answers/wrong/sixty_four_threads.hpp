// wrong: wrong-result: A slot that one thread writes alone, until the program has started its 65th.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        thread_local const std::size_t self = next_thread_++;
        std::atomic<long>& mine = slots_[self % slots_.size()];
        mine.store(mine.load() + 1);
    }

    long value() const {
        long sum = 0;
        for (const std::atomic<long>& slot : slots_) sum += slot.load();
        return sum;
    }

  private:
    static inline std::atomic<std::size_t> next_thread_ = 0;
    std::array<std::atomic<long>, 64> slots_{};
};

}  // namespace lesson
