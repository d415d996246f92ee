#include "plot.hpp"

#include <map>

#include "memory.hpp"
#include "shadow.hpp"
#include "sync_object.hpp"

namespace interleave::detail {
namespace {

bool plain_access(operation w) {
    return w == operation::read || w == operation::write;
}
bool atomic_access(operation w) {
    return w == operation::atomic_load || w == operation::stale_load ||
           w == operation::atomic_store || w == operation::atomic_rmw ||
           w == operation::failed_exchange || w == operation::stale_failure ||
           w == operation::spurious_failure;
}
bool writes(operation w) {
    return w == operation::write || w == operation::atomic_store || w == operation::atomic_rmw;
}

/// The threads besides the main one: each from its start until it is joined, or has ended detached.
class company {
  public:
    void follow(const trace_record& r) {
        const int other = static_cast<int>(r.value);
        if (r.what == operation::create) there_.add(other);
        if (r.what == operation::join) there_.remove(other);
        if (r.what == operation::detach) detached_.add(other);
        if (r.what == operation::finish) finished_.add(r.thread);
        if (r.what == operation::detach && finished_.has(other)) there_.remove(other);
        if (r.what == operation::finish && detached_.has(r.thread)) there_.remove(r.thread);
    }
    [[nodiscard]] bool empty() const { return there_.empty(); }

  private:
    thread_set there_, detached_, finished_;
};

}  // namespace

plot::plot(const failure_record& failed, const placed_trace& trace)
    : failed_(failed), trace_(trace) {
    find_shared();
    find_culprits();
}

/// What at least two threads used while both were there, and one of them changed.
void plot::find_shared() {
    struct use {
        thread_set threads;
        bool written = false, synchronizes = false;
    };
    std::map<std::uintptr_t, use> uses;
    company others;
    const auto& records = trace_records();
    for (std::size_t i = 0; i < records.size(); ++i) {
        const trace_record& r = records[i];
        others.follow(r);
        const bool alone = r.thread == 0 && others.empty();
        if (alone) alone_.insert(i);
        if (!r.address || alone) continue;
        use& u = uses[r.address];
        u.threads.add(r.thread);
        u.written |= writes(r.what);
        u.synchronizes |= !plain_access(r.what) && !atomic_access(r.what);
    }
    for (const auto& [address, u] : uses)
        if (u.threads.size() > 1 && (u.written || u.synchronizes)) shared_.insert(address);
}

/// The two accesses of a race; the use and the freeing of memory; else the last thing that
/// happened.
void plot::find_culprits() {
    const auto& records = trace_records();
    if (failed_.kind == failure::race) {
        const auto overlaps = [&](const trace_record& r) {
            return failed_.address / 8 <= (r.address + (r.size ? r.size - 1u : 0u)) / 8 &&
                   failed_.address / 8 >= r.address / 8;
        };
        bool second = false;
        for (std::size_t i = records.size(); i-- > 0;) {
            const trace_record& r = records[i];
            if ((!plain_access(r.what) && !atomic_access(r.what)) || !overlaps(r)) continue;
            if (!second && r.thread == failed_.thread && r.frames &&
                trace_frames()[r.first_frame] == failed_.pc) {
                culprits_.insert(i);
                second = true;
            } else if (second && r.thread == failed_.other_thread &&
                       r.clock == failed_.other_clock) {
                culprits_.insert(i);
                return;
            }
        }
        return;
    }
    if (failed_.kind == failure::use_after_free || failed_.kind == failure::double_free) {
        const block_header* block = block_around(failed_.address);
        for (std::size_t i = 0; i < records.size(); ++i)
            if (records[i].what == operation::release && block &&
                records[i].address == reinterpret_cast<std::uintptr_t>(block + 1))
                culprits_.insert(i);
    }
    for (std::size_t i = records.size(); i-- > 0;)
        if (records[i].thread == failed_.thread) {
            if (failed_.kind != failure::leak) culprits_.insert(i);
            return;
        }
}

void plot::keep_involved(std::vector<std::size_t>& chosen) const {
    std::set<std::uintptr_t> involved;
    for (int id = 0; id < rt.count; ++id) {
        const fiber& f = *rt.fibers[id];
        if (!f.finished && (f.wait == waiting::mutex || f.wait == waiting::read_lock ||
                            f.wait == waiting::write_lock))
            involved.insert(f.wait_address);
    }
    if (involved.empty()) return;
    std::erase_if(chosen, [&](std::size_t i) {
        const trace_record& t = trace_records()[i];
        return t.address && !involved.count(t.address) && !culprits_.count(i);
    });
}

bool plot::is_worth_telling(std::size_t index, const source_place& place) const {
    const trace_record& r = trace_records()[index];
    if (culprits_.count(index)) return true;
    if (alone_.count(index) && r.what != operation::create && r.what != operation::join) {
        // What it finds when the others are done is the result.
        const bool looks = r.what == operation::read || r.what == operation::atomic_load;
        return (looks && shared_.contains(r.address)) ||
               (failed_.file && place.line == failed_.line && place.file == failed_.file);
    }
    if (r.address && plain_access(r.what) && shared_.count(r.address)) return true;
    switch (r.what) {
        case operation::start:
        case operation::finish:
        case operation::allocate:
        case operation::barrier_leave:
        case operation::futex_awake:
        case operation::futex_wake:
        case operation::yield:
        case operation::once_end:
            return false;
        case operation::read:
        case operation::write:
            return failed_.file && place.line == failed_.line && place.file == failed_.file &&
                   shared_.count(r.address) > 0;
        case operation::release:
            return false;
        case operation::create:
        case operation::join:
        case operation::detach:
        case operation::sleep:
        case operation::fence:
        case operation::expect_failed:
        case operation::blocked:
        case operation::wait:
        case operation::wake:
        case operation::timeout:
        case operation::spurious_wake:
        case operation::spurious_failure:
            return true;
        default:
            return shared_.count(r.address) > 0;
    }
}

bool plot::is_understood(std::size_t index, const labels& names) const {
    const trace_record& r = trace_records()[index];
    if (culprits_.contains(index)) return true;
    // Inside a container or a shared_ptr only what is at fault is told.
    const bool inside = how_to_tell(trace_.call_of(r)) == told_as::nothing;
    if (inside && (failed_.kind == failure::race || !plain_access(r.what))) return false;
    if (!plain_access(r.what)) return true;
    const bool racy = raw_cell(r.address).flags & cell::racy;
    const bool pointer =
        r.size == 8 && r.value > 0xffff'ffffull && r.value < 0x8000'0000'0000'0000ull;
    return racy || (names.is_named_variable(r.address) && !pointer);
}

}  // namespace interleave::detail
