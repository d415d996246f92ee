#pragma once

#include <cstdint>

namespace interleave::detail {

/// No thread can continue: says who holds what and who waits for what, and ends the execution.
[[noreturn]] void report_deadlock();
/// The execution has had more scheduling points than allowed.
[[noreturn]] void report_too_long();
/// A semaphore of libstdc++ 12 can sleep although its counter is positive (it compares with a value
/// read before a failed attempt). Such a sleeper is woken; false: there is none.
bool wake_stale_semaphores();

/// Signals, std::terminate and a watch for loops without a scheduling point, while it lives.
class outcome_guard {
  public:
    outcome_guard();
    ~outcome_guard();
    outcome_guard(const outcome_guard&) = delete;
    outcome_guard& operator=(const outcome_guard&) = delete;

  private:
    void (*terminate_before_)();
};

}  // namespace interleave::detail
