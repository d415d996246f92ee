#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// A new thread of the execution, ready to run. It borrows the thread-local block of a real thread
/// that sleeps, so that thread_local variables, errno and exceptions work.
fiber& spawn_fiber(void* (*start)(void*), void* argument);
/// Runs fiber 0 until the execution ends; the outcome is in rt.end.
void run_execution();
/// The fiber on whose stack the address is; null: none.
[[nodiscard]] fiber* stack_owner(std::uintptr_t address) noexcept;
[[nodiscard]] bool in_stack_guard(std::uintptr_t address) noexcept;
void fibers_prepare();

constexpr std::size_t stack_slot = stack_size + 4096 * 4;

}  // namespace interleave::detail
