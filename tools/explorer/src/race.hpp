#pragma once

// The race detector: two accesses of which one is a plain one and one is a write race when neither
// happens before the other. Exact for the accesses of one execution: no record is dropped that
// could still take part in a race.

#include "fiber.hpp"
#include "shadow.hpp"

namespace interleave::detail {

/// The thread whose local variable this was, if it has ended.
inline const fiber* ended_owner(std::uintptr_t address) noexcept {
    if (address - rt.ended_stacks >= rt.ended_stacks_size) return nullptr;
    const fiber* owner = stack_owner(address);
    return owner && owner->finished && owner != rt.current ? owner : nullptr;
}

inline bool is_alive(const cell& c, std::uintptr_t address) noexcept {
    return !(c.flags & cell::freed) && !ended_owner(address);
}
/// These bytes have been freed or are an ended thread's local variable.
[[noreturn, gnu::cold]] void report_not_alive(const cell& c, std::uintptr_t address,
                                              std::uintptr_t pc);
/// Fails the execution when these bytes have been freed or are an ended thread's local variable.
[[gnu::always_inline]] inline void check_alive(const cell& c, std::uintptr_t address,
                                               std::uintptr_t pc) {
    if (!is_alive(c, address)) [[unlikely]]
        report_not_alive(c, address, pc);
}

/// An access to a cell, or to the half of it, in which there is no record yet.
inline void record_first(cell& c, access_record mine, unsigned half) {
    if (half == both_halves) {
        c.record[0] = mine;
        c.used[0] = 1;
        c.used[1] = cell::joined;
    } else {
        c.record[half * cell::half_records] = mine;
        c.used[half] = 1;
    }
}

/// The part of check_access() for a row that has records of others.
void check_others(cell& c, std::uintptr_t address, access_record mine, unsigned row,
                  std::uintptr_t pc);
/// The part of check_access() where accesses to halves and to both meet.
void check_mixed(cell& c, std::uintptr_t address, access_record mine, unsigned half,
                 std::uintptr_t pc);

/// Records the running thread's access to bytes of one cell that are alive, in this half of it, and
/// reports the races it takes part in.
[[gnu::always_inline]] inline void check_access(cell& c, std::uintptr_t address, access_record mine,
                                                unsigned half, std::uintptr_t pc) {
    if ((c.used[1] == cell::joined) != (half == both_halves)) [[unlikely]]
        return check_mixed(c, address, mine, half, pc);
    const unsigned row = half % both_halves;
    const unsigned used = c.used[row];
    if (!used) return record_first(c, mine, half);
    // Where check_others() puts a thread's record, so that it need not be looked for.
    access_record& place = c.record[row * cell::half_records + rt.current->place[used]];
    const access_record old = place;
    // Whatever is recorded was compared with the older one.
    if (old.repeated_by(mine)) {
        place = mine;
        return;
    }
    if (mine.covered_by(old)) return;
    check_others(c, address, mine, row, pc);
}

/// The same for the bytes that the mask names. Fails the execution for an access to freed memory or
/// to an ended thread's variable.
[[gnu::always_inline]] inline void check_cell(cell& c, std::uintptr_t address, std::uint8_t mask,
                                              std::uint8_t kind, std::uintptr_t pc) {
    check_alive(c, address, pc);
    const access_record mine(*rt.current, mask, kind);
    check_access(c, address, mine, mine.half(), pc);
}

/// Records an access of up to any size and reports the races it takes part in. Fails the execution
/// for an access to freed memory.
void check_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

/// A block is freed. Where that is the program's business it is like a write of all of it, but one
/// that need not be recorded, as no access may follow it.
void free_range(std::uintptr_t address, std::size_t size, bool checked, std::uintptr_t pc);

/// A plain access of any size by the running thread, with all that belongs to one: it is counted,
/// may be where the search switches, is traced and checked.
void plain_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

}  // namespace interleave::detail
