#include "narrator.hpp"

#include <algorithm>

namespace interleave::detail {
namespace {

std::string order_name(int order) {
    static const char* const names[] = {"relaxed", "consume", "acquire", "release", "acq_rel"};
    return order >= 0 && order < 5 ? names[order] : std::string();
}

constexpr const char* pointer = "a pointer";

std::string number_text(std::uint64_t value, int size) {
    if (size == 4) return std::to_string(static_cast<std::int32_t>(value));
    if (size == 2) return std::to_string(static_cast<std::int16_t>(value));
    if (size == 8 && value > 0xffff'ffffull && value < 0x8000'0000'0000'0000ull) return pointer;
    if (size == 8) return std::to_string(static_cast<std::int64_t>(value));
    return std::to_string(value);
}

const char* verb_of(operation what) {
    switch (what) {
        case operation::read:
            return "reads";
        case operation::write:
            return "writes";
        case operation::atomic_load:
        case operation::stale_load:
            return "loads";
        case operation::atomic_store:
            return "stores";
        case operation::atomic_rmw:
            return "changes";
        case operation::failed_exchange:
        case operation::stale_failure:
        case operation::spurious_failure:
            return "finds";
        case operation::fence:
            return "fence";
        case operation::lock:
        case operation::write_lock:
            return "locks";
        case operation::lock_failed:
            return "cannot lock";
        case operation::unlock:
        case operation::rw_unlock:
            return "unlocks";
        case operation::read_lock:
            return "locks shared";
        case operation::wait:
            return "waits on";
        case operation::wake:
        case operation::spurious_wake:
            return "wakes from";
        case operation::timeout:
            return "times out on";
        case operation::notify_one:
            return "notifies one on";
        case operation::notify_all:
            return "notifies all on";
        case operation::futex_wait:
            return "waits for a change of";
        case operation::create:
            return "starts";
        case operation::join:
            return "joins";
        case operation::detach:
            return "detaches";
        case operation::sleep:
            return "sleeps";
        case operation::once_begin:
            return "initializes";
        case operation::semaphore_wait:
            return "acquires";
        case operation::semaphore_post:
            return "releases";
        case operation::barrier_wait:
            return "arrives at";
        case operation::release:
            return "frees";
        case operation::expect_failed:
            return "finds that this does not hold";
        case operation::blocked:
            return "waits for";
        default:
            return "";
    }
}

bool takes_a_lock(operation what) {
    return what == operation::lock || what == operation::write_lock || what == operation::read_lock;
}

bool gives_up_a_lock(operation what) {
    return what == operation::unlock || what == operation::rw_unlock;
}

bool wakes(operation what) {
    return what == operation::wake || what == operation::spurious_wake ||
           what == operation::timeout;
}

}  // namespace

std::string thread_in_words(int id) {
    return id == 0 ? "the main thread" : "thread " + std::to_string(id);
}

story_event narrator::tell(const trace_record& r, const source_place& place) {
    story_event e;
    e.thread = r.thread;
    e.file = place.file;
    e.line = place.line;
    e.text = source_text(place.file, place.line);
    put_into_words(e, r);
    thread_locks& mine = state_[r.thread];
    if (takes_a_lock(r.what)) e.takes = names_.of(r.address);
    if (gives_up_a_lock(r.what)) e.gives_up = names_.of(r.address);
    if (r.what == operation::wait && mine.given_up) e.gives_up = names_.of(mine.given_up);
    if (mine.taken_again) {
        if (e.takes.empty()) e.takes = names_.of(mine.taken_again);
        mine.taken_again = 0;
    }
    fold_into_call(e, r);
    return e;
}

void narrator::put_into_words(story_event& e, const trace_record& r) {
    e.operation = verb_of(r.what);
    e.object = names_.of(r.address);
    const std::string value = number_text(r.value, r.size), before = number_text(r.before, r.size);
    switch (r.what) {
        case operation::write:
            if (r.size <= 8 && value == before && value != pointer)
                e.detail = "it was " + before + " already";
            [[fallthrough]];
        case operation::read:
            if (r.size <= 8) e.value = value;
            break;
        case operation::stale_load:
            e.detail = "an older value: it is " + before + " by now";
            [[fallthrough]];
        case operation::atomic_load:
        case operation::atomic_store:
            e.value = value;
            e.order = order_name(r.order);
            break;
        case operation::atomic_rmw:
            e.value = value;
            e.before = before;
            e.order = order_name(r.order);
            break;
        case operation::failed_exchange:
            e.value = value;
            e.detail = "not the expected value";
            break;
        case operation::stale_failure:
            e.value = value;
            e.detail = "an older value, not the expected one: it is " + before + " by now";
            break;
        case operation::spurious_failure:
            e.value = value;
            e.detail = "as expected, yet fails: a weak exchange may";
            break;
        case operation::fence:
            e.order = order_name(r.order);
            break;
        case operation::spurious_wake:
            e.detail = "without a notification, as is allowed";
            break;
        case operation::notify_one:
        case operation::notify_all:
            e.detail = r.value == 0   ? "nobody is waiting"
                       : r.value == 1 ? "one thread is waiting"
                                      : std::to_string(r.value) + " threads are waiting";
            break;
        case operation::create:
        case operation::join:
        case operation::detach:
            e.object = thread_in_words(static_cast<int>(r.value));
            break;
        case operation::expect_failed:
            e.object = {};
            break;
        case operation::blocked:
            if (!r.address) {
                e.operation = "ends here";
            } else {
                e.waits_for = e.object;
                const int owner = static_cast<int>(r.value);
                const auto& mine = held_by(r.thread);
                if (std::any_of(mine.begin(), mine.end(),
                                [&](const held_lock& l) { return l.address == r.address; }))
                    e.detail = "which it holds itself";
                else if (r.value < max_threads)
                    e.detail = "which " + thread_in_words(owner) + " holds";
            }
            break;
        case operation::wait:
        case operation::futex_wait:
            e.waits_for = e.object;
            break;
        default:
            break;
    }
}

/// What a latch or a future does inside is told as the call in the program's own line.
void narrator::fold_into_call(story_event& e, const trace_record& r) const {
    const library_call call = trace_.call_of(r);
    const told_as how = how_to_tell(call);
    if (how == told_as::its_operations || r.what == operation::create || r.what == operation::join)
        return;
    const std::string written = written_call(call, e.text);
    const bool waits = r.what == operation::blocked || r.what == operation::futex_wait ||
                       r.what == operation::wait;
    if (how == told_as::nothing) {
        e.operation = waits ? "waits inside" : e.operation + " inside";
        e.object = written;
        e.value = e.before = e.order = e.detail = {};
        return;
    }
    e.operation = waits ? "waits in" : "calls";
    e.object = written;
    e.waits_for = waits ? written : std::string();
    e.value = e.before = e.order = e.detail = e.takes = e.gives_up = {};
}

void narrator::follow(const trace_record& r) {
    thread_locks& mine = state_[r.thread];
    const auto forget = [&](std::uintptr_t address) {
        std::erase_if(mine.held, [&](const held_lock& l) { return l.address == address; });
    };
    if (mine.woken && r.what != operation::blocked) {
        // The mutex of a condition is taken again without a record of its own.
        mine.held.push_back({mine.given_up, mine.woken});
        mine.taken_again = mine.given_up;
        mine.given_up = 0;
        mine.woken = nullptr;
    }
    if (takes_a_lock(r.what)) {
        forget(r.address);
        mine.held.push_back({r.address, &r});
    } else if (gives_up_a_lock(r.what)) {
        forget(r.address);
    } else if (r.what == operation::wait && !mine.held.empty()) {
        // It gives up one mutex while it waits: the last that was taken.
        mine.given_up = mine.held.back().address;
        mine.held.pop_back();
    } else if (wakes(r.what) && mine.given_up) {
        mine.woken = &r;
    }
}

}  // namespace interleave::detail
