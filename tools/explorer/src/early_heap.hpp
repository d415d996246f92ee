#pragma once

// What the program allocates outside of executions: its globals' constructors, above all. It has a
// place of its own in memory, so that what globals refer to can start afresh in every execution, as
// they do themselves. What only the variables of explore()'s caller refer to keeps its changes.
//
// Pages are write-protected when a search begins; the first write to one, the program's own or a
// library's, saves what has to be set back there. Blocks that are very large or aligned to more
// than 16 bytes stay with the system's heap, and are not set back.

#include <cstddef>
#include <cstdint>

namespace interleave::detail {

/// Null: to be had from the system. Any thread, outside of executions.
[[nodiscard]] void* early_allocate(std::size_t size, std::size_t alignment = 16) noexcept;
/// Outside of executions.
void early_free(void* memory) noexcept;
/// In an execution: the memory counts as freed until the execution ends.
void early_free_for_now(void* memory, std::uintptr_t pc);
[[nodiscard]] bool in_early_heap(const void* memory) noexcept;
[[nodiscard]] std::size_t early_size_of(const void* memory) noexcept;

/// The beginning of a search; after globals_remember().
void early_heap_remember();
void early_heap_restore() noexcept;
/// The end of a search.
void early_heap_release() noexcept;
/// A write to a protected page was caught: true when it may be made again now.
[[nodiscard]] bool early_heap_written(std::uintptr_t address);
/// Before the kernel writes there: it does not write to protected pages.
void early_heap_make_writable(void* memory, std::size_t size);
/// The parts that are set back, of the pages that have been written to.
void for_each_early_range(void (*visit)(const char* begin, std::size_t size));

}  // namespace interleave::detail
