#include "race.hpp"

#include "fiber.hpp"
#include "memory.hpp"
#include "scheduler.hpp"
#include "sync_object.hpp"

namespace interleave::detail {
namespace {

struct record_block {
    access_record record[7];
    std::uint32_t used, next;
};
constexpr std::size_t most_blocks = 1 << 20;
INTERLEAVE_KEEP fixed_vector<record_block> blocks;
INTERLEAVE_KEEP std::uint32_t blocks_generation;

// A range larger than this is watched at both ends only.
constexpr std::size_t watched_whole = 64 << 10;

void note_race(cell& c, std::uintptr_t address, const access_record& other, std::uintptr_t pc) {
    if (c.flags & (cell::suppressed | cell::own)) return;
    if (!(c.flags & cell::racy)) {
        c.flags |= cell::racy;
        rt.flags_grew = true;
    }
    if (!rt.how.races || rt.race.kind != failure::none) return;
    rt.race.kind = failure::race;
    rt.race.address = address;
    rt.race.thread = rt.current->id;
    rt.race.other_thread = other.thread;
    rt.race.other_clock = other.clock;
    rt.race.pc = pc;
    rt.race_decisions = rt.decisions.size();
}

/// True when the new access stands for the old one as well: whatever would race with the old one
/// later would also race with the new one.
bool supersedes(const access_record& old, std::uint8_t mask, std::uint8_t kind) {
    return !(old.mask & ~mask) && !(old.kind & ~kind);
}

bool could_race(std::uint8_t one, std::uint8_t other) {
    const unsigned both = one | other;
    return (both & access_write) && (both & access_plain);
}

[[noreturn, gnu::cold]] void report_ended_owner(const fiber& owner, std::uintptr_t address,
                                                std::uintptr_t pc) {
    char one[24], two[24];
    rt.failed.address = address;
    rt.failed.pc = pc;
    fail(failure::use_after_free, "%s uses a local variable of %s, which has already ended.",
         describe_thread(rt.current->id, one), describe_thread(owner.id, two));
}

/// For a cell with more records than it has room for.
[[gnu::noinline]] void check_crowded(cell& c, std::uintptr_t address, access_record mine,
                                     std::uintptr_t pc) {
    const fiber& f = *rt.current;
    const std::uint8_t mask = mine.mask, kind = mine.kind;
    access_record* place = nullptr;
    bool known = false;
    const auto visit = [&](access_record& r) {
        known |=
            r.thread == f.id && r.clock == mine.clock && !(mask & ~r.mask) && !(kind & ~r.kind);
        const bool before = r.clock <= f.clock[r.thread];
        if (!before && (r.mask & mask) && could_race(r.kind, kind)) note_race(c, address, r, pc);
        if (!known && before && supersedes(r, mask, kind)) {
            if (place)
                r.mask = 0;  // a second one: emptied, to be taken later
            else
                place = &r;
        } else if (!place && !r.mask) {
            place = &r;
        }
    };
    for (int i = 0; i < c.used; ++i) visit(c.record[i]);
    std::uint32_t last = 0;
    for (std::uint32_t b = c.more; b; b = blocks[b - 1].next) {
        last = b;
        for (std::uint32_t i = 0; i < blocks[b - 1].used; ++i) visit(blocks[b - 1].record[i]);
    }
    if (known) return;
    if (place) {
        *place = mine;
        return;
    }
    if (blocks_generation != rt.generation) {
        blocks.reserve(most_blocks);
        blocks.clear();
        blocks_generation = rt.generation;
    }
    if (!last || blocks[last - 1].used == 7) {
        if (blocks.full()) return;
        record_block& fresh = blocks.grow();
        fresh.used = fresh.next = 0;
        const auto index = static_cast<std::uint32_t>(blocks.size());
        (last ? blocks[last - 1].next : c.more) = index;
        last = index;
    }
    blocks[last - 1].record[blocks[last - 1].used++] = mine;
}

}  // namespace

void check_alive(const cell& c, std::uintptr_t address, std::uintptr_t pc) {
    if (c.freed) [[unlikely]]
        report_use_after_free(address, pc);
    const fiber* owner = stack_owner(address);
    if (owner && owner->finished && owner != rt.current) [[unlikely]]
        report_ended_owner(*owner, address, pc);
}

void check_cell_slow(cell& c, std::uintptr_t address, std::uint8_t mask, std::uint8_t kind,
                     std::uintptr_t pc) {
    const fiber& f = *rt.current;
    check_alive(c, address, pc);
    const access_record mine = fresh_record(f.clock[f.id], f.id, mask, kind);
    if (c.more) [[unlikely]]
        return check_crowded(c, address, mine, pc);
    for (int i = 0; i < c.used; ++i) {
        access_record& r = c.record[i];
        if (r.thread != f.id || (mask & ~r.mask) || (kind & ~r.kind)) continue;
        if (r.clock == mine.clock) return;
        if (r.settled && r.mask == mask && r.kind == kind) {
            r.clock = mine.clock;  // whatever is recorded was compared with the older access
            return;
        }
    }
    int kept = 0;
    for (int i = 0; i < c.used; ++i) {
        access_record r = c.record[i];
        const bool rivals = could_race(r.kind, kind);
        if (r.clock > f.clock[r.thread]) {
            if (rivals && (r.mask & mask)) note_race(c, address, r, pc);
        } else if (supersedes(r, mask, kind)) {
            continue;
        }
        r.settled = r.settled && !rivals;
        c.record[kept++] = r;
    }
    c.used = static_cast<std::uint8_t>(kept);
    if (kept < cell::inline_records)
        c.record[c.used++] = mine;
    else
        check_crowded(c, address, mine, pc);
}

void check_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc) {
    if (!size) return;
    if (size > watched_whole) {
        check_range(address, watched_whole / 2, kind, pc);
        check_range(address + size - watched_whole / 2, watched_whole / 2, kind, pc);
        return;
    }
    const std::uintptr_t last = address + size - 1;
    for (std::uintptr_t at = address & ~7ul; at <= last; at += 8) {
        const unsigned low = at < address ? address & 7 : 0, high = at + 7 > last ? last & 7 : 7;
        const auto mask = static_cast<std::uint8_t>((0xff << low) & (0xff >> (7 - high)));
        cell& c = cell_of(at);
        if (c.sync && (kind & (access_plain | access_write)) == (access_plain | access_write))
            forget_sync_objects(c, address, size);
        check_cell(c, at + low, mask, kind, pc);
    }
}

}  // namespace interleave::detail
