#pragma once

#include "scheduler.hpp"
#include "trace.hpp"

namespace interleave::detail {

// Each returns what the pthread function of the same meaning returns.
int lock_mutex(std::uintptr_t address, int kind, std::int64_t deadline, std::uintptr_t pc,
               bool told = true);
int try_lock_mutex(std::uintptr_t address, int kind, std::uintptr_t pc);
int unlock_mutex(std::uintptr_t address, int kind, std::uintptr_t pc, bool told = true);
int lock_shared(std::uintptr_t address, bool writers_first, std::int64_t deadline,
                std::uintptr_t pc);
int lock_exclusive(std::uintptr_t address, std::int64_t deadline, std::uintptr_t pc);
int try_lock_rw(std::uintptr_t address, bool exclusive, bool writers_first, std::uintptr_t pc);
int unlock_rw(std::uintptr_t address, std::uintptr_t pc);
int wait_condition(std::uintptr_t condition, std::uintptr_t mutex, int kind, std::int64_t deadline,
                   std::uintptr_t pc);
int notify_condition(std::uintptr_t condition, bool all, std::uintptr_t pc);
long wait_futex(std::uintptr_t address, int expected, std::int64_t deadline, std::uintptr_t pc);
long wake_futex(std::uintptr_t address, int most, std::uintptr_t pc);
/// The semaphore at this address; one that was made outside of the execution has the count that it
/// was left with.
sync_object& semaphore_in(cell& c, std::uintptr_t address);
int wait_semaphore(std::uintptr_t address, std::int64_t deadline, std::uintptr_t pc);
void sleep_until(std::int64_t deadline, std::uintptr_t pc);

}  // namespace interleave::detail
