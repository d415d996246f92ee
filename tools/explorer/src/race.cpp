#include "race.hpp"

#include <algorithm>

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

/// Whether the running thread knows of an access: it happened before what the thread does now.
bool knows_of(const fiber& f, access_record r) {
    return r.clock() <= f.clock[r.thread()];
}

bool races(const fiber& f, access_record r, access_record mine) {
    return r.could_race(mine) && r.overlaps(mine) && !knows_of(f, r);
}

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
    rt.race.other_thread = static_cast<std::uint16_t>(other.thread());
    rt.race.other_clock = other.clock();
    rt.race.pc = pc;
    rt.race_decisions = rt.decisions.size();
}

/// For a cell with more records than it has room for.
[[gnu::noinline]] void check_crowded(cell& c, std::uintptr_t address, access_record mine,
                                     std::uintptr_t pc) {
    const fiber& f = *rt.current;
    access_record* place = nullptr;
    bool known = false;
    const auto visit = [&](access_record& r) {
        known |= r.of_same_epoch(mine) && mine.within(r);
        if (races(f, r, mine)) note_race(c, address, r, pc);
        r = r.unsettled_for(mine);
        if (!known && knows_of(f, r) && r.within(mine)) {
            if (place)
                r.clear();  // a second one: to be taken later
            else
                place = &r;
        } else if (!place && r.empty()) {
            place = &r;
        }
    };
    for (access_record& r : c.record) visit(r);
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
        if (last)
            blocks[last - 1].next = index;
        else
            c.more = index;
        last = index;
    }
    blocks[last - 1].record[blocks[last - 1].used++] = mine;
}

/// The first record of a row: of a half of the cell, or of both in one (0).
access_record* records(cell& c, unsigned row) {
    return c.record + row * cell::half_records;
}

/// From now on the records of both halves are in one row.
[[gnu::noinline]] void join(cell& c) {
    for (unsigned i = 0; i < c.used[1]; ++i) c.record[c.used[0]++] = records(c, 1)[i];
    c.used[1] = cell::joined;
}

/// For a row in which the access has just been recorded.
[[gnu::noinline, gnu::cold]] void report_races(cell& c, std::uintptr_t address, access_record mine,
                                               unsigned row, std::uintptr_t pc) {
    for (unsigned i = 0; i < c.used[row]; ++i)
        if (const access_record r = records(c, row)[i]; races(*rt.current, r, mine))
            note_race(c, address, r, pc);
}

/// For a row that is full.
[[gnu::noinline]] void check_full(cell& c, std::uintptr_t address, access_record mine,
                                  std::uintptr_t pc) {
    if (c.used[1] == cell::joined) return check_crowded(c, address, mine, pc);
    join(c);
    check_others(c, address, mine, 0, pc);
}

/// For a row in which there may be any number of records.
[[gnu::noinline]] void check_several(cell& c, std::uintptr_t address, access_record mine,
                                     unsigned row, std::uintptr_t pc) {
    if (c.more) [[unlikely]]
        return check_crowded(c, address, mine, pc);
    const fiber& f = *rt.current;
    access_record* const record = records(c, row);
    const unsigned used = c.used[row];
    unsigned kept = 0;
    bool covered = false, racing = false;
    for (unsigned i = 0; i < used; ++i) {
        const access_record r = record[i];
        if (knows_of(f, r)) {
            if (r.within(mine)) continue;
            if (r.of_same_epoch(mine)) covered = covered || mine.within(r);
        } else if (r.could_race(mine)) {
            racing = racing || r.overlaps(mine);
        }
        record[kept++] = r.unsettled_for(mine);
    }
    const unsigned room = c.used[1] == cell::joined ? cell::inline_records : cell::half_records;
    if (kept == room && !covered) [[unlikely]]
        return check_full(c, address, mine, pc);
    if (!covered) {
        // Where it is found at once the next time.
        access_record& place = record[f.place[kept + 1]];
        record[kept++] = place;
        place = mine;
    }
    c.used[row] = static_cast<std::uint8_t>(kept);
    if (racing) [[unlikely]]
        report_races(c, address, mine, row, pc);
}

}  // namespace

void report_not_alive(const cell& c, std::uintptr_t address, std::uintptr_t pc) {
    if (c.flags & cell::freed) report_use_after_free(address, pc);
    char one[24], two[24];
    rt.failed.address = address;
    rt.failed.pc = pc;
    fail(failure::use_after_free, "%s uses a local variable of %s, which has already ended.",
         describe_thread(rt.current->id, one), describe_thread(ended_owner(address)->id, two));
}

void check_others(cell& c, std::uintptr_t address, access_record mine, unsigned row,
                  std::uintptr_t pc) {
    // Most often one thread hands over to another. Whatever else there is is called in the tail, so
    // that nothing has to be saved for this.
    const fiber& f = *rt.current;
    access_record* const record = records(c, row);
    const access_record old = record[0];
    if (c.used[row] > 2 || !knows_of(f, old)) return check_several(c, address, mine, row, pc);
    if (c.used[row] == 2) {
        // Under a lock, what is written has been read before.
        const access_record second = record[1];
        if (!old.within(mine) || !second.within(mine) || !knows_of(f, second))
            return check_several(c, address, mine, row, pc);
        record[0] = mine;
        c.used[row] = 1;
        return;
    }
    if (old.within(mine)) {
        record[0] = mine;
        return;
    }
    if (mine.covered_by(old)) return;
    const unsigned at = f.place[2];
    record[at] = mine;
    record[1 - at] = old.unsettled_for(mine);
    c.used[row] = 2;
}

void check_mixed(cell& c, std::uintptr_t address, access_record mine, unsigned half,
                 std::uintptr_t pc) {
    if (half == both_halves) {
        if (!c.used[0] && !c.used[1]) return record_first(c, mine, half);
        join(c);
    }
    check_others(c, address, mine, 0, pc);
}

namespace {

/// The bytes of one cell from `low` to `high` of it.
void check_bytes(std::uintptr_t cell_begin, unsigned low, unsigned high, std::uintptr_t address,
                 std::size_t size, std::uint8_t kind, std::uintptr_t pc) {
    cell& c = cell_of(cell_begin);
    if (c.sync && (kind & (access_plain | access_write)) == (access_plain | access_write))
        forget_sync_objects(c, address, size);
    const auto mask = static_cast<std::uint8_t>((0xff << low) & (0xff >> (7 - high)));
    check_cell(c, cell_begin + low, mask, kind, pc);
}

/// Whether the running thread knows of all accesses so far; false as well where that takes long.
bool knows_all(const cell& c) {
    const fiber& f = *rt.current;
    if (c.used[0] == 1 && c.used[1] == cell::joined) return knows_of(f, c.record[0]);
    const unsigned upper = c.used[1] == cell::joined ? 0 : c.used[1];
    bool all = !c.more;
    for (unsigned i = 0; i < c.used[0]; ++i) all &= knows_of(f, c.record[i]);
    for (unsigned i = 0; i < upper; ++i) all &= knows_of(f, c.record[cell::half_records + i]);
    return all;
}

}  // namespace

void check_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc) {
    if (!size) return;
    if (size > watched_whole) {
        check_range(address, watched_whole / 2, kind, pc);
        check_range(address + size - watched_whole / 2, watched_whole / 2, kind, pc);
        return;
    }
    const std::uintptr_t last = address + size - 1;
    std::uintptr_t at = address & ~7ul;
    unsigned low = address & 7;
    for (; at + 7 < last; at += 8, low = 0) check_bytes(at, low, 7, address, size, kind, pc);
    check_bytes(at, low, static_cast<unsigned>(last - at), address, size, kind, pc);
}

void free_range(std::uintptr_t address, std::size_t size, bool checked, std::uintptr_t pc) {
    constexpr std::uint8_t kind = access_write | access_plain;
    const std::size_t watched = std::min(size, watched_whole);
    if (checked && (size > watched || !size)) {
        check_range(address, std::max<std::size_t>(size, 1), kind, pc);
        checked = false;
    }
    for (std::uintptr_t at = address; at < address + watched; at += 8) {
        cell& c = cell_of(at);
        if (checked && (c.sync || !knows_all(c))) check_bytes(at, 0, 7, address, size, kind, pc);
        c.flags |= cell::freed;
    }
}

}  // namespace interleave::detail
