#pragma once

// The race detector: two accesses of which one is a plain one and one is a write race when neither
// happens before the other. Exact for the accesses of one execution: no record is dropped that
// could still take part in a race.

#include "shadow.hpp"

namespace interleave::detail {

void check_cell_slow(cell& c, std::uintptr_t address, std::uint8_t mask, std::uint8_t kind,
                     std::uintptr_t pc);

inline void check_cell(cell& c, std::uintptr_t address, std::uint8_t mask, std::uint8_t kind,
                       std::uintptr_t pc) {
    const fiber& f = *rt.current;
    access_record& r = c.record[0];
    if (c.used && r.thread == f.id && !c.freed) {
        const std::uint32_t now = f.clock[f.id];
        if (r.clock == now && !(mask & ~r.mask) && !(kind & ~r.kind)) return;
        if (c.used == 1 && !(r.mask & ~mask) && !(r.kind & ~kind)) {
            // Nobody else has been here, and the new access stands for the old one.
            r = fresh_record(now, f.id, mask, kind);
            return;
        }
    }
    check_cell_slow(c, address, mask, kind, pc);
}

/// Fails the execution when these bytes have been freed or are a finished thread's local variable.
void check_alive(const cell& c, std::uintptr_t address, std::uintptr_t pc);

/// Records an access of up to any size and reports the races it takes part in. Fails the execution
/// for an access to freed memory.
void check_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

/// A plain access of any size by the running thread, with all that belongs to one: it is counted,
/// may be where the search switches, is traced and checked.
void plain_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

}  // namespace interleave::detail
