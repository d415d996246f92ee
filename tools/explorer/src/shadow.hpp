#pragma once

// What is known of each eight bytes of the program's memory: who accessed them and when, which
// synchronization object lives there, whether they have been freed. Stamped with the execution's
// generation, so that nothing is cleared between executions.

#include "runtime.hpp"

namespace interleave::detail {

/// Instead of the number of a half of a cell, the lower four bytes (0) or the upper ones (1).
constexpr unsigned both_halves = 2;

enum access_kind : std::uint8_t { access_read = 0, access_write = 1, access_plain = 2 };

/// Who accessed which bytes of a cell, how and when: one word, as most questions about two of them
/// are answered for all parts at once.
class access_record {
  public:
    access_record() = default;
    access_record(const fiber& f, std::uint8_t mask, std::uint8_t kind) noexcept
        : word_(f.epoch | static_cast<std::uint64_t>(mask) << mask_at |
                static_cast<std::uint64_t>(kind) << kind_at | settled) {}

    [[nodiscard]] std::uint32_t clock() const noexcept { return static_cast<std::uint32_t>(word_); }
    [[nodiscard]] unsigned thread() const noexcept { return word_ >> thread_at & 0xff; }
    [[nodiscard]] bool of_same_thread(access_record other) const noexcept {
        return !((word_ ^ other.word_) >> thread_at & 0xff);
    }
    /// Of the same thread in the same epoch.
    [[nodiscard]] bool of_same_epoch(access_record other) const noexcept {
        return !((word_ ^ other.word_) << (64 - mask_at));
    }
    /// The other one stands for this one as well: whatever would race with this would race with it.
    [[nodiscard]] bool within(access_record other) const noexcept {
        return !((word_ & ~other.word_) >> mask_at & 0xffff);
    }
    /// Of the same thread in the same epoch, and the other one stands for it.
    [[nodiscard]] bool covered_by(access_record other) const noexcept {
        constexpr std::uint64_t bytes_and_kind = std::uint64_t{0xffff} << mask_at;
        return !((word_ ^ (other.word_ & (word_ | ~bytes_and_kind))) << (64 - kind_at - 8));
    }
    [[nodiscard]] bool could_race(access_record other) const noexcept {
        return (~(word_ | other.word_) & write_of_plain) == 0;
    }
    [[nodiscard]] bool overlaps(access_record other) const noexcept {
        return (word_ & other.word_) >> mask_at & 0xff;
    }
    /// The fresh one is the same access again, and no access that could race with it has been
    /// recorded in the cell since.
    [[nodiscard]] bool repeated_by(access_record fresh) const noexcept {
        return !((word_ ^ fresh.word_) >> thread_at);
    }
    /// As it is when another one is recorded after it.
    [[nodiscard]] access_record unsettled_for(access_record other) const noexcept {
        access_record r = *this;
        if (could_race(other)) r.word_ &= ~settled;
        return r;
    }

    /// In which half of its cell.
    [[nodiscard]] unsigned half() const noexcept {
        return !(word_ >> mask_at & 0xf0) ? 0 : !(word_ >> mask_at & 0x0f) ? 1 : both_halves;
    }

    [[nodiscard]] bool empty() const noexcept { return !(word_ >> mask_at & 0xff); }
    void clear() noexcept { word_ = 0; }

  private:
    static constexpr int thread_at = epoch_thread_at, mask_at = 40, kind_at = 48;
    static constexpr std::uint64_t settled = std::uint64_t{1} << 56;
    static constexpr std::uint64_t write_of_plain = std::uint64_t{access_write | access_plain}
                                                    << kind_at;
    std::uint64_t word_;
};

struct cell {
    static constexpr unsigned inline_records = 6, half_records = inline_records / 2;
    static constexpr std::uint8_t joined = 0xff;  ///< instead of a number of records
    // Flags. `kept` are those that outlive an execution.
    static constexpr std::uint8_t shared = 1, racy = 2, suppressed = 4, tried = 8;
    static constexpr std::uint8_t own = 16;  ///< each thread's own, though all share the place
    static constexpr std::uint8_t freed = 32, synchronizes = 64,
                                  kept = shared | racy | suppressed | tried | own;

    std::uint32_t generation;
    std::uint32_t sync;  ///< index of the first object in these bytes, plus one
    /// Records of accesses to the lower and to the upper four bytes; each half has room for its
    /// own, so that two variables side by side are none of each other's business. The second one is
    /// `joined` as soon as an access to both or a lack of room has put all into one row.
    std::uint8_t used[2];
    std::uint8_t first_thread;  ///< to synchronize here, plus one
    std::uint8_t flags;
    std::uint32_t more;  ///< index of the block with further records, plus one
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

/// The same as raw_cell(), or null where finding it takes more than a look.
inline cell* known_cell(std::uintptr_t address) {
    const std::uintptr_t page = address / shadow_page;
    const shadow_entry& line = shadow_lines[page % shadow_cache];
    if (line.page != page) return nullptr;
    cell* const found = &line.cells[address % shadow_page / 8];
    if (!found) __builtin_unreachable();  // a line that has a page has cells
    return found;
}

/// The cell of an address as it was left by the last execution that used it.
inline cell& raw_cell(std::uintptr_t address) {
    cell* const known = known_cell(address);
    return known ? *known : shadow_slow(address)[address % shadow_page / 8];
}

/// The cell as this execution begins with it.
inline cell& renewed(cell& c) {
    if (c.generation != rt.generation) {
        c.generation = rt.generation;
        c.sync = 0;
        c.used[0] = c.used[1] = 0;
        c.first_thread = 0;
        c.flags &= cell::kept;
        c.more = 0;
    }
    return c;
}

inline cell& cell_of(std::uintptr_t address) {
    return renewed(raw_cell(address));
}

}  // namespace interleave::detail
