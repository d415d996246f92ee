#include "story.hpp"

#include <algorithm>
#include <set>

#include "labels.hpp"
#include "memory.hpp"
#include "story_text.hpp"
#include "symbols.hpp"
#include "sync_object.hpp"
#include "trace.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t told_from_the_end =
    6'000;  // records; the beginning of a long run is left out
constexpr std::size_t most_told = 200;

std::string thread_name(int id) {
    return id == 0 ? "the body" : "thread " + std::to_string(id);
}

bool plain_access(operation w) {
    return w == operation::read || w == operation::write;
}
bool atomic_access(operation w) {
    return w == operation::atomic_load || w == operation::stale_load ||
           w == operation::atomic_store || w == operation::atomic_rmw ||
           w == operation::failed_exchange;
}
bool writes(operation w) {
    return w == operation::write || w == operation::atomic_store || w == operation::atomic_rmw;
}

/// The table of what each thread did, with everything that is needed to write it down.
class teller {
  public:
    explicit teller(const execution& told)
        : failed_(told.failed.kind != failure::none ? told.failed : told.race) {
        const auto& records = trace_records();
        first_ = records.size() > told_from_the_end ? records.size() - told_from_the_end : 0;
        std::vector<std::uintptr_t> pcs{failed_.pc};
        for (std::size_t i = first_; i < records.size(); ++i)
            for (int k = 0; k < records[i].frames; ++k)
                pcs.push_back(trace_frames()[records[i].first_frame + static_cast<std::size_t>(k)]);
        symbols_.load(std::move(pcs));
        find_shared();
        find_culprits();
    }

    [[nodiscard]] const source_place* place_of(const trace_record& r) const {
        for (int k = 0; k < r.frames; ++k)
            for (const auto& p :
                 symbols_.at(trace_frames()[r.first_frame + static_cast<std::size_t>(k)]))
                if (is_program_source(p.file)) return &p;
        return nullptr;
    }

    [[nodiscard]] bool mentions(const char* file) const {
        for (const std::size_t i : culprits_) {
            const trace_record& r = trace_records()[i];
            for (int k = 0; k < r.frames && k < 6; ++k)
                for (const auto& p :
                     symbols_.at(trace_frames()[r.first_frame + static_cast<std::size_t>(k)]))
                    if (p.file.find(file) != std::string::npos) return true;
        }
        return false;
    }

    void tell(result& r);

  private:
    void find_shared();
    void find_culprits();
    [[nodiscard]] bool worth_telling(std::size_t index, const source_place& place) const;
    void keep_involved(std::vector<std::size_t>& chosen) const;
    [[nodiscard]] story_event event_of(const trace_record& r, const source_place& place) const;
    void tell_end(result& r) const;

    failure_record failed_;
    symbol_table symbols_;
    labels labels_;
    std::size_t first_ = 0;
    std::set<std::uintptr_t> shared_;
    std::set<std::size_t> culprits_;
    std::set<std::size_t> alone_;  ///< what the body did while there was no other thread
};

/// What at least two threads used while both were there, and one of them changed.
void teller::find_shared() {
    struct use {
        thread_set threads;
        bool written = false, synchronizes = false;
    };
    std::map<std::uintptr_t, use> uses;
    int alive = 0;
    const auto& records = trace_records();
    for (std::size_t i = 0; i < records.size(); ++i) {
        const trace_record& r = records[i];
        if (r.what == operation::create) ++alive;
        if (r.what == operation::finish) --alive;
        if (r.thread == 0 && alive == 0) alone_.insert(i);
        if (!r.address || (r.thread == 0 && alive == 0)) continue;
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
void teller::find_culprits() {
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

/// Of a long story of a deadlock: what concerns the locks that are held or waited for at its end.
void teller::keep_involved(std::vector<std::size_t>& chosen) const {
    std::set<std::uintptr_t> involved;
    for (int id = 0; id < rt.count; ++id)
        if (!rt.fibers[id]->finished && rt.fibers[id]->wait_object)
            involved.insert(rt.fibers[id]->wait_address);
    std::erase_if(chosen, [&](std::size_t i) {
        const trace_record& t = trace_records()[i];
        return t.address && !involved.count(t.address) && !culprits_.count(i);
    });
}

bool teller::worth_telling(std::size_t index, const source_place& place) const {
    const trace_record& r = trace_records()[index];
    if (culprits_.count(index)) return true;
    if (alone_.count(index) && r.what != operation::create && r.what != operation::join)
        return failed_.file && place.line == failed_.line && place.file == failed_.file;
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
            return true;
        default:
            return shared_.count(r.address) > 0;
    }
}

std::string order_name(int order) {
    static const char* const names[] = {"relaxed", "consume", "acquire", "release", "acq_rel", ""};
    return order >= 0 && order < 5 ? std::string(", ") + names[order] : std::string();
}

std::string number_text(std::uint64_t value, int size) {
    if (size == 4) return std::to_string(static_cast<std::int32_t>(value));
    if (size == 2) return std::to_string(static_cast<std::int16_t>(value));
    if (size == 8 && value > 0xffff'ffffull && value < 0x8000'0000'0000'0000ull) return "a pointer";
    if (size == 8) return std::to_string(static_cast<std::int64_t>(value));
    return std::to_string(value);
}

story_event teller::event_of(const trace_record& r, const source_place& place) const {
    story_event e;
    e.thread = r.thread;
    e.object = labels_.of(r.address);
    e.file = place.file;
    e.line = place.line;
    e.text = source_text(place.file, place.line);
    const std::string value = number_text(r.value, r.size), before = number_text(r.before, r.size);
    const bool known_size = r.size <= 8;
    switch (r.what) {
        case operation::read:
            e.operation = "reads";
            if (known_size) e.value = value;
            break;
        case operation::write:
            e.operation = "writes";
            if (known_size) e.value = value;
            if (known_size && value == before && value != "a pointer")
                e.detail = "no change: it was " + before + " already";
            break;
        case operation::atomic_load:
            e.operation = "loads";
            e.value = value + order_name(r.order);
            break;
        case operation::stale_load:
            e.operation = "loads";
            e.value = value + order_name(r.order);
            e.detail = "an older value: it is " + before + " by now";
            break;
        case operation::atomic_store:
            e.operation = "stores";
            e.value = value + order_name(r.order);
            break;
        case operation::atomic_rmw:
            e.operation = "changes";
            e.value = before + " to " + value + order_name(r.order);
            break;
        case operation::failed_exchange:
            e.operation = "finds";
            e.value = value;
            e.detail = "not the expected value";
            break;
        case operation::fence:
            e.operation = "fence" + order_name(r.order);
            break;
        case operation::lock:
            e.operation = "locks";
            break;
        case operation::lock_failed:
            e.operation = "cannot lock";
            break;
        case operation::unlock:
            e.operation = "unlocks";
            break;
        case operation::read_lock:
            e.operation = "locks shared";
            break;
        case operation::write_lock:
            e.operation = "locks";
            break;
        case operation::rw_unlock:
            e.operation = "unlocks";
            break;
        case operation::wait:
            e.operation = "waits on";
            break;
        case operation::wake:
            e.operation = "wakes from";
            break;
        case operation::timeout:
            e.operation = "times out on";
            break;
        case operation::spurious_wake:
            e.operation = "wakes from";
            e.detail = "without a notification, as is allowed";
            break;
        case operation::notify_one:
        case operation::notify_all:
            e.operation = r.what == operation::notify_one ? "notifies one on" : "notifies all on";
            e.detail = r.value == 0   ? "nobody is waiting"
                       : r.value == 1 ? "one thread is waiting"
                                      : std::to_string(r.value) + " threads are waiting";
            break;
        case operation::futex_wait:
            e.operation = "waits for a change of";
            break;
        case operation::create:
            e.operation = "starts";
            e.object = thread_name(static_cast<int>(r.value));
            break;
        case operation::join:
            e.operation = "joins";
            e.object = thread_name(static_cast<int>(r.value));
            break;
        case operation::detach:
            e.operation = "detaches";
            e.object = thread_name(static_cast<int>(r.value));
            break;
        case operation::sleep:
            e.operation = "sleeps";
            break;
        case operation::once_begin:
            e.operation = "initializes";
            break;
        case operation::semaphore_wait:
            e.operation = "acquires";
            break;
        case operation::semaphore_post:
            e.operation = "releases";
            break;
        case operation::barrier_wait:
            e.operation = "arrives at";
            break;
        case operation::release:
            e.operation = "frees";
            break;
        case operation::expect_failed:
            e.operation = "does not hold";
            break;
        case operation::blocked:
            e.operation = r.address ? "must wait for" : "";
            if (r.address && r.value < max_threads)
                e.detail = "held by " + thread_name(static_cast<int>(r.value));
            break;
        default:
            break;
    }
    return e;
}

void teller::tell_end(result& r) const {
    std::map<int, std::map<std::uintptr_t, const trace_record*>> held;
    const auto& records = trace_records();
    for (std::size_t i = 0; i < records.size(); ++i) {
        const trace_record& t = records[i];
        if (t.what == operation::lock || t.what == operation::write_lock ||
            t.what == operation::read_lock)
            held[t.thread][t.address] = &t;
        if (t.what == operation::unlock || t.what == operation::rw_unlock)
            held[t.thread].erase(t.address);
        if (t.what == operation::wait) {
            // The mutex is given up while waiting; it is the last one taken.
            const trace_record* last = nullptr;
            for (const auto& [address, lock] : held[t.thread])
                if (!last || lock > last) last = lock;
            if (last) held[t.thread].erase(last->address);
        }
    }
    for (int id = 0; id < rt.count; ++id) {
        const fiber& f = *rt.fibers[id];
        if (f.finished || f.wait == waiting::nothing) continue;
        thread_state s;
        s.thread = id;
        std::string object = labels_.of(f.wait_address);
        const bool lock = f.wait == waiting::mutex || f.wait == waiting::read_lock ||
                          f.wait == waiting::write_lock;
        std::string mine;
        for (const auto& [address, record] : held[id]) {
            if (!mine.empty()) mine += " and ";
            mine += labels_.of(address);
            if (const source_place* p = place_of(*record))
                mine += " (line " + std::to_string(p->line) + ")";
        }
        if (!mine.empty()) s.state = "holds " + mine + ", ";
        s.state += "waits for ";
        if (f.wait == waiting::join)
            s.state += thread_name(static_cast<int>(f.wait_address)) + " to end";
        else if (f.wait == waiting::condition)
            s.state += "a notification on " + (object.empty() ? "a condition" : object);
        else if (f.wait == waiting::futex)
            s.state += "a notification of " + (object.empty() ? "an atomic variable" : object);
        else
            s.state += object.empty() ? "something" : object;
        if (lock && f.wait_object && f.wait_object->owner >= 0)
            s.state += ", which " + thread_name(f.wait_object->owner) + " holds";
        for (std::size_t i = records.size(); i-- > first_;)
            if (records[i].thread == id) {
                if (const source_place* p = place_of(records[i])) {
                    s.file = p->file;
                    s.line = p->line;
                    s.text = source_text(p->file, p->line);
                }
                break;
            }
        r.story.at_end.push_back(std::move(s));
    }
}

void teller::tell(result& r) {
    const auto& records = trace_records();
    std::vector<std::size_t> chosen;
    for (std::size_t i = first_; i < records.size(); ++i) {
        const source_place* place = place_of(records[i]);
        if (!place || !worth_telling(i, *place)) continue;
        labels_.learn(records[i].address, records[i].what, source_text(place->file, place->line));
        chosen.push_back(i);
    }
    std::erase_if(chosen, [&](std::size_t i) {
        const trace_record& t = records[i];
        if (!plain_access(t.what) || culprits_.count(i)) return false;
        const bool racy = raw_cell(t.address).flags & cell::racy;
        const bool pointer = t.size == 8 && t.value > 0xffff'ffffull;
        return !racy && (!labels_.is_named_variable(t.address) || pointer);
    });
    if (failed_.kind == failure::deadlock && chosen.size() > 24) keep_involved(chosen);
    labels_.settle();
    r.story.threads = rt.count;
    if (chosen.size() > most_told) {
        r.story.left_out = static_cast<int>(chosen.size() - most_told);
        chosen.erase(chosen.begin(), chosen.end() - static_cast<std::ptrdiff_t>(most_told));
    }
    for (const std::size_t i : chosen) {
        story_event e = event_of(records[i], *place_of(records[i]));
        e.culprit = culprits_.count(i) > 0;
        if (e.culprit && (r.file.empty() || records[i].thread == failed_.thread)) {
            r.file = e.file;
            r.line = e.line;
        }
        r.story.events.push_back(std::move(e));
    }
    if (failed_.file) {
        r.file = failed_.file;
        r.line = failed_.line;
    }
    if (r.file.empty())
        for (const auto& p : symbols_.at(failed_.pc))
            if (is_program_source(p.file) && r.file.empty()) r.file = p.file, r.line = p.line;
    if (r.kind == failure::deadlock || r.kind == failure::lost_wakeup ||
        r.kind == failure::self_deadlock || r.kind == failure::livelock)
        tell_end(r);
    if (r.kind == failure::race) {
        r.message = "Two threads access " +
                    (labels_.of(failed_.address).empty() ? "the same memory"
                                                         : labels_.of(failed_.address)) +
                    " at the same time, and nothing orders the accesses: " +
                    thread_name(failed_.other_thread) + " and " + thread_name(failed_.thread) + ".";
    }
    r.story.text = story_table(r.story, r.kind);
}

}  // namespace

void tell(result& r, const execution& told, const execution& found) {
    if (told.failed.kind == failure::none && told.race.kind == failure::none) {
        r.failed = true;
        r.kind = failure::nondeterminism;
        r.message =
            "The body failed once (" + std::string(found.failed.message) +
            "), but not when the same schedule was run again: it does not do the same thing "
            "every time.";
        return;
    }
    const failure_record& f = told.failed.kind != failure::none ? told.failed : told.race;
    r.failed = true;
    r.kind = f.kind;
    r.message = f.message;
    teller(told).tell(r);
}

bool race_is_known_library_fault(const execution& traced) {
    if (traced.race.kind == failure::none) return false;
    execution race = traced;
    race.failed.kind = failure::none;
    // libstdc++ 12 unlocks atomic<shared_ptr> with a relaxed operation after a load.
    return teller(race).mentions("shared_ptr_atomic.h");
}

}  // namespace interleave::detail
