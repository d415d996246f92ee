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

/// These bytes have been freed or are an ended thread's local variable.
[[noreturn, gnu::cold]] void report_not_alive(const cell& c, std::uintptr_t address,
                                              std::uintptr_t pc);
/// Fails the execution when these bytes have been freed or are an ended thread's local variable.
[[gnu::always_inline]] inline void check_alive(const cell& c, std::uintptr_t address,
                                               std::uintptr_t pc) {
    if (c.freed || ended_owner(address)) [[unlikely]]
        report_not_alive(c, address, pc);
}

/// The part of check_cell() for a cell that others have accessed as well.
void check_others(cell& c, std::uintptr_t address, access_record mine, std::uintptr_t pc);

/// Records an access to the bytes of one cell that the mask names, and reports the races it takes
/// part in. Fails the execution for an access to freed memory or to an ended thread's variable.
[[gnu::always_inline]] inline void check_cell(cell& c, std::uintptr_t address, std::uint8_t mask,
                                              std::uint8_t kind, std::uintptr_t pc) {
    const fiber& f = *rt.current;
    check_alive(c, address, pc);
    const access_record mine(f, mask, kind);
    if (!c.used) {
        c.record[0] = mine;
        c.used = 1;
        return;
    }
    // Where check_others() puts a thread's record, so that it need not be looked for.
    access_record& place = c.record[f.place[c.used]];
    const access_record old = place;
    // Whatever is recorded was compared with the older one.
    if (old.repeated_by(mine)) {
        place = mine;
        return;
    }
    if (old.of_same_epoch(mine) && mine.within(old)) return;
    // Nobody else has been here.
    if (c.used == 1 && old.of_same_thread(mine) && old.within(mine)) {
        place = mine;
        return;
    }
    check_others(c, address, mine, pc);
}

/// Records an access of up to any size and reports the races it takes part in. Fails the execution
/// for an access to freed memory.
void check_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

/// A plain access of any size by the running thread, with all that belongs to one: it is counted,
/// may be where the search switches, is traced and checked.
void plain_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc);

}  // namespace interleave::detail
