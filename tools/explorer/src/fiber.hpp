#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// A new thread of the execution, ready to run. In a program with thread_local variables it borrows
/// the thread-local block of a real thread that sleeps; without them all fibers share one thread
/// pointer, and errno and the like are exchanged at a switch.
fiber& spawn_fiber(void* (*start)(void*), void* argument);
/// From now on each fiber has a thread-local block, as what the program does needs one: starts the
/// execution again unless they have one already.
void need_thread_pointers();
/// Runs fiber 0 until the execution ends; the outcome is in rt.end.
void run_execution();
/// After an execution: where the threads that have not ended keep what they refer to.
void for_each_living_range(void (*visit)(const char* begin, std::size_t size));
[[nodiscard]] bool in_stack_guard(std::uintptr_t address) noexcept;
void fibers_prepare();

/// Address space of a stack and the guard below it; a power of two.
constexpr std::size_t stack_slot = 2 * stack_size, stack_guard = stack_slot - stack_size;

/// The fiber has ended: from now on its stack is looked at when it is used.
void note_ended_stack(const fiber& f) noexcept;
/// The fiber on whose stack the address is; null: none.
[[nodiscard]] inline fiber* stack_owner(std::uintptr_t address) noexcept {
    const std::uintptr_t slot =
        (address - reinterpret_cast<std::uintptr_t>(rt.stacks)) / stack_slot;
    return slot < static_cast<std::uintptr_t>(rt.count) ? rt.fibers[slot] : nullptr;
}

}  // namespace interleave::detail
