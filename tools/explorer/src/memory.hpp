#pragma once

// The program's heap during an execution: one arena, used from its start again in every execution,
// so that addresses repeat. Freed memory is not used again within an execution, so that every
// access to it is seen.

#include "runtime.hpp"

namespace interleave::detail {

/// Null when the arena is full; then the execution has failed with a sentence.
[[nodiscard]] void* arena_allocate(std::size_t size, std::size_t alignment, std::uintptr_t pc);
void arena_free(void* memory, std::uintptr_t pc);
[[nodiscard]] bool in_arena(const void* memory) noexcept;
[[nodiscard]] std::size_t arena_size_of(const void* memory) noexcept;
void arena_prepare();
void arena_restart() noexcept;
/// A block of the program is freed: a use of it that this does not come after is a race, and one
/// that comes later, a use after free.
void note_freed(std::uintptr_t address, std::size_t size, std::uintptr_t pc);
[[noreturn]] void report_bad_free(std::uintptr_t address, std::uintptr_t pc);
/// Memory that the body left: kept for its caller, or reported when nothing refers to it.
void check_leaks();
[[noreturn]] void report_use_after_free(std::uintptr_t address, std::uintptr_t pc);
/// True for code of the executable itself, the program under test among it.
[[nodiscard]] bool in_program(std::uintptr_t pc) noexcept;

struct block_header {
    std::size_t size;
    std::uintptr_t allocated_pc, freed_pc;
    std::uint32_t state;  ///< alive or freed, against pointers that are not of the heap
    std::uint16_t allocated_by, freed_by;
    std::uint32_t offset_of_previous;
    bool reached;
    std::uint64_t previous;
};
/// The block that contains the address, freed or not; null: none.
[[nodiscard]] const block_header* block_around(std::uintptr_t address) noexcept;

}  // namespace interleave::detail
