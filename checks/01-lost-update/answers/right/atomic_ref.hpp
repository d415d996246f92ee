// right: A plain long, only ever touched through atomic_ref.
#pragma once

#include <atomic>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() { std::atomic_ref(value_).fetch_add(1, std::memory_order_relaxed); }

    long value() const { return std::atomic_ref(value_).load(std::memory_order_relaxed); }

  private:
    mutable long value_ = 0;
};

}  // namespace lesson
