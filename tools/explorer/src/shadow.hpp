#pragma once

// What is known of each eight bytes of the program's memory: who accessed them and when, which
// synchronization object lives there, whether they have been freed. Stamped with the execution's
// generation, so that nothing is cleared between executions.

#include <bit>

#include "runtime.hpp"

namespace interleave::detail {

enum access_kind : std::uint8_t { access_read = 0, access_write = 1, access_plain = 2 };

struct access_record {
    std::uint32_t clock;
    std::uint8_t thread, mask, kind;
    /// No access that could race with this one has been recorded in the cell since.
    bool settled;
};

/// A fresh record, made in a register: one that is written in parts and then read as a whole
/// would make the processor wait.
inline access_record fresh_record(std::uint32_t clock, std::uint16_t thread, std::uint8_t mask,
                                  std::uint8_t kind) noexcept {
    static_assert(std::endian::native == std::endian::little);
    return std::bit_cast<access_record>(clock | static_cast<std::uint64_t>(thread & 0xffu) << 32 |
                                        static_cast<std::uint64_t>(mask) << 40 |
                                        static_cast<std::uint64_t>(kind) << 48 |
                                        std::uint64_t{1} << 56);
}

struct cell {
    static constexpr int inline_records = 6;
    // kept over executions
    static constexpr std::uint8_t shared = 1, racy = 2, suppressed = 4, tried = 8;
    static constexpr std::uint8_t own = 16;  ///< each thread's own, though all share the place

    std::uint32_t generation;
    std::uint32_t sync;  ///< index of the first object in these bytes, plus one
    std::uint8_t used;
    std::uint8_t flags;
    bool freed;
    std::uint8_t first_thread;  ///< to synchronize here, plus one
    std::uint32_t more;         ///< index of the block with further records, plus one
    access_record record[inline_records];
};
static_assert(sizeof(cell) == 64);

constexpr std::uintptr_t shadow_page = 4096;
constexpr std::size_t shadow_cache = 4096;

struct shadow_entry {
    std::uintptr_t page;
    cell* cells;
};
[[gnu::visibility("hidden")]] extern shadow_entry shadow_lines[shadow_cache];

cell* shadow_slow(std::uintptr_t address);
void shadow_start();         ///< of a search: forgets what was seen shared
void shadow_forget_races();  ///< so that a story tells those of its own execution only
/// Nobody has used these bytes: the system's heap may have given them to another thread before, and
/// orders the one after the other.
void shadow_forget(const void* memory, std::size_t size);

/// The cell of an address as it was left by the last execution that used it.
inline cell& raw_cell(std::uintptr_t address) {
    const std::uintptr_t page = address / shadow_page;
    const shadow_entry& line = shadow_lines[page % shadow_cache];
    cell* cells = line.page == page ? line.cells : shadow_slow(address);
    return cells[address % shadow_page / 8];
}

inline cell& cell_of(std::uintptr_t address) {
    cell& c = raw_cell(address);
    if (c.generation != rt.generation) {
        c.generation = rt.generation;
        c.sync = 0;
        c.used = 0;
        c.freed = false;
        c.first_thread = 0;
        c.more = 0;
    }
    return c;
}

}  // namespace interleave::detail
