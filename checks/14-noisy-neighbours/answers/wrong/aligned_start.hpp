// wrong: false-sharing: the array begins on a line, and its elements share it.
#pragma once

#include <cstddef>
#include <new>
#include <numeric>

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int threads)
        : threads_(static_cast<std::size_t>(threads)),
          slots_(new (std::align_val_t(64)) long[threads_]()) {}

    ~per_thread_counter() { ::operator delete[](slots_, std::align_val_t(64)); }

    per_thread_counter(const per_thread_counter&) = delete;
    per_thread_counter& operator=(const per_thread_counter&) = delete;

    long& slot(int thread) { return slots_[thread]; }

    long total() const { return std::accumulate(slots_, slots_ + threads_, 0L); }

  private:
    std::size_t threads_;
    long* slots_;
};

}  // namespace lesson
