#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// A new thread of the execution, ready to run. It borrows the thread-local block of a real thread
/// that sleeps, so that thread_local variables, errno and exceptions work.
fiber& spawn_fiber(void* (*start)(void*), void* argument);
/// Runs fiber 0 until the execution ends; the outcome is in rt.end.
void run_execution();
[[nodiscard]] bool in_stack_guard(std::uintptr_t address) noexcept;
void fibers_prepare();

/// Address space of a stack and the guard below it; a power of two.
constexpr std::size_t stack_slot = 2 * stack_size, stack_guard = stack_slot - stack_size;

/// The fiber on whose stack the address is; null: none.
[[nodiscard]] inline fiber* stack_owner(std::uintptr_t address) noexcept {
    const std::uintptr_t slot =
        (address - reinterpret_cast<std::uintptr_t>(rt.stacks)) / stack_slot;
    return slot < static_cast<std::uintptr_t>(rt.count) ? rt.fibers[slot] : nullptr;
}

}  // namespace interleave::detail
