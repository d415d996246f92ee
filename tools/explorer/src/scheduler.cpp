#include "scheduler.hpp"

#include <cstdio>

#include "fiber.hpp"
#include "outcomes.hpp"
#include "strategy.hpp"

namespace interleave::detail {

namespace {

/// True when the fiber could continue now; decided from the state alone.
bool enabled(const fiber& f) noexcept {
    if (f.finished) return false;
    if (f.timed_out || f.woken) return true;
    switch (f.wait) {
        case waiting::nothing:
            return true;
        case waiting::mutex:
            return f.wait_object->owner < 0;
        case waiting::read_lock:
            return may_read(*f.wait_object);
        case waiting::write_lock:
            return f.wait_object->owner < 0 && f.wait_object->readers == 0;
        case waiting::join:
            return rt.fibers[f.wait_address]->finished;
        case waiting::once:
            return !f.wait_object->busy;
        case waiting::semaphore:
            return f.wait_object->count > 0;
        case waiting::barrier:
            return f.wait_object->phase != f.wait_value;
        case waiting::condition:
        case waiting::futex:
        case waiting::sleep:
            return false;
    }
    return false;
}

constexpr int long_spin = 200;                // points in a row before others go first
constexpr int short_spin = 16;                // the same, late in an execution
constexpr int patience = 8;                   // yields in a row before others go first in any case
constexpr std::uint64_t plain_limit = 5'000;  // plain accesses in a row before that
constexpr std::uint64_t most_operations = 30'000'000;

/// A lock that is handed on many times is not to use up the steps with waiting for it.
int spin_limit() {
    return rt.steps < rt.how.max_steps / 2 ? long_spin : short_spin;
}

bool spins(const fiber& f) {
    return f.streak > short_spin && f.streak > spin_limit();
}

/// A thread that gives up after so many rounds has to get them, now and then, from a schedule.
bool indulged() {
    return rt.now.indulgent && rt.steps < rt.how.max_steps / 4;
}

/// Whether somebody will say when the wait is over: the thread need not be looked at before.
bool will_be_told(waiting what, std::uintptr_t address, std::int64_t deadline) {
    if (deadline >= 0) return false;
    if (what == waiting::join) return !rt.fibers[address]->finished;
    return what == waiting::mutex || what == waiting::condition || what == waiting::futex;
}

/// Whether the object knows who waits there.
bool is_listed(waiting what, std::int64_t deadline) {
    return what == waiting::condition || (what == waiting::mutex && deadline < 0);
}

/// Time passes until this thread's deadline; others with an earlier one are late as well.
void expire(fiber& f) {
    if (f.deadline > rt.time) rt.time = f.deadline;
    rt.touched_all = true;
    f.timed_out = true;
}

[[gnu::always_inline]] inline candidates look_around() {
    fiber& me = *rt.current;
    candidates c;
    c.enabled = rt.runnable;
    int earliest = -1;
    if (!rt.watched.empty()) {
        rt.watched.for_each([&](int id) {
            const fiber& f = *rt.fibers[id];
            if (enabled(f)) {
                c.enabled.add(id);
            } else if (f.deadline >= 0) {
                c.timed.add(id);
                if (earliest < 0 || f.deadline < rt.fibers[earliest]->deadline) earliest = id;
            }
        });
    }
    c.enabled_count = c.enabled.size();
    const bool can_stay = c.enabled.has(me.id);
    const bool spinning = spins(me);
    if (can_stay && !me.yielding && !spinning) c.current = me.id;
    c.forced = can_stay && (spinning || me.yields > patience) && !indulged();
    if (c.enabled_count == 0) {
        c.fallback = earliest;
    } else if (can_stay && (c.enabled_count == 1 || (!me.yielding && !spinning))) {
        c.fallback = me.id;
    } else {
        c.fallback = c.enabled.next_after(me.id);
    }
    return c;
}

[[gnu::noinline]] void switch_with_locals(fiber& me, fiber& next) {
    rt.places.exchange(me.locals, next.locals);
    rt.switch_to(&me.stack_pointer, next.stack_pointer, next.thread_pointer);
}

[[gnu::always_inline]] inline void switch_to(fiber& me, fiber& next) {
    rt.current = &next;
    if (!rt.own_thread_pointers && (rt.places.any() || next.locals.any || me.locals.any))
        [[unlikely]]
        return switch_with_locals(me, next);
    rt.switch_to(&me.stack_pointer, next.stack_pointer, next.thread_pointer);
}

/// It is about to go on.
void begin_turn(fiber& f) {
    f.streak = 0;
    f.yields = 0;
    f.plain_until = f.operations + plain_limit;
    set_stop(f, f.plain_until);
}

// Neither says that it does not return: so it is called in the tail, for which nothing has to be
// saved.
[[gnu::noinline, gnu::cold]] void refuse_further_steps() {
    report_too_long();
}

[[gnu::noinline, gnu::cold]] void refuse_further_decisions() {
    fail(failure::step_limit,
         "The execution needs more scheduling decisions than can be recorded. Let the scenario do "
         "less.");
}

void note_switch(const fiber& me, int next) {
    rt.decisions.push({me.operations, me.id, static_cast<std::uint16_t>(next), false});
}

/// A scheduling point at which there is something to heed.
[[gnu::noinline]] void schedule_with_care(fiber& me) {
    if (rt.now.how == chooser::depth_first) depth_first_segment_end();
    candidates c = look_around();
    if (c.enabled_count == 0 && c.timed.empty()) {
        if (rt.alive == 0) leave(ending::done);
        if (wake_stale_semaphores()) c = look_around();
        if (c.enabled_count == 0) report_deadlock();
    }
    // Or two that spin would take turns for ever, and keep out the one that they spin for.
    if (c.forced && spins(me)) lower_priority(me);
    int next = c.fallback;
    if (c.enabled_count > 1 || !c.timed.empty()) {
        next = pick_thread(c);
        if (next != c.fallback && rt.now.how != chooser::replay) {
            if (rt.decisions.full()) refuse_further_decisions();
            note_switch(me, next);
        }
        if (c.current >= 0 && next != c.current) ++rt.preemptions;
    }
    me.yielding = false;
    if (spins(me)) me.streak = 0;
    fiber& chosen = *rt.fibers[next];
    if (c.timed.has(next)) expire(chosen);
    if (&chosen == &me) return;
    begin_turn(chosen);
    if (rt.now.how == chooser::replay) replay_thread_started(chosen);
    switch_to(me, chosen);
}

/// Whether there is nothing to heed in choosing: nobody else who may have become enabled, no yield
/// and no spin, no schedule to follow.
bool is_plain_choice(const fiber& me) {
    return thread_set::are_words() && !rt.watched.word() && rt.runnable.word() && !rt.spawning &&
           me.yields == 0 && me.streak <= short_spin;
}

/// A scheduling point at which there is nothing to heed, with this way of picking among so many.
template <class Pick>
[[gnu::always_inline]] inline void schedule_plainly(fiber& me, Pick pick) {
    if (rt.decisions.full()) [[unlikely]]
        return refuse_further_decisions();
    const std::uint64_t runnable = rt.runnable.word(), later = runnable >> me.id >> 1;
    const bool can_stay = runnable >> me.id & 1;
    const int fallback = can_stay ? me.id : __builtin_ctzll(later ? later << me.id << 1 : runnable);
    const int count = __builtin_popcountll(runnable);
    const int next = count > 1 ? pick(runnable, count, can_stay ? me.id : -1) : fallback;
    if (next == me.id) return;
    if (next != fallback) note_switch(me, next);
    if (can_stay) ++rt.preemptions;
    fiber& chosen = *rt.fibers[next];
    begin_turn(chosen);
    switch_to(me, chosen);
}

[[gnu::noinline]] void schedule_at_random(fiber& me) {
    schedule_plainly(me, [](std::uint64_t runnable, int count, int) {
        return nth_bit(runnable, static_cast<int>(random_below(static_cast<unsigned>(count))));
    });
}

[[gnu::noinline]] void schedule_by_strategy(fiber& me) {
    schedule_plainly(me, [](std::uint64_t, int count, int current) {
        return pick_among(rt.runnable, count, current);
    });
}

}  // namespace

void schedule() {
    fiber& me = *rt.current;
    if (rt.steps > rt.how.max_steps) [[unlikely]]
        return refuse_further_steps();
    ++rt.points;
    if (is_guided(rt.now.how) || !is_plain_choice(me)) return schedule_with_care(me);
    if (rt.now.how != chooser::random) return schedule_by_strategy(me);
    schedule_at_random(me);
}

void begin_wait(waiting what, std::uintptr_t address, sync_object* object, std::int64_t deadline,
                std::uintptr_t pc) {
    fiber& f = *rt.current;
    begin_operation(f, address, false);
    f.wait = what;
    f.wait_address = address;
    f.wait_object = object;
    f.wait_pc = pc;
    f.deadline = deadline;
    f.timed_out = f.woken = false;
    rt.runnable.remove(f.id);
    rt.blocked.add(f.id);
    if (!will_be_told(what, address, deadline)) rt.watched.add(f.id);
    if (is_listed(what, deadline)) object->waiters.add(f.id);
}

bool end_wait() {
    fiber& f = *rt.current;
    if (is_listed(f.wait, f.deadline)) f.wait_object->waiters.remove(f.id);
    rt.blocked.remove(f.id);
    rt.watched.remove(f.id);
    rt.runnable.add(f.id);
    touch(f.wait_address);
    const bool late = f.timed_out && !f.woken;
    f.wait = waiting::nothing;
    f.deadline = -1;
    f.timed_out = f.woken = false;
    return !late;
}

void wake(fiber& f) {
    f.woken = true;
    rt.runnable.add(f.id);
    if (f.wait == waiting::condition) f.wait_object->waiters.remove(f.id);
}

int choose(int n) {
    fiber& f = *rt.current;
    ++f.operations;
    if (n <= 1) return 0;
    const int pick = pick_value(n);
    if (pick && rt.now.how != chooser::replay) {
        if (rt.decisions.full()) refuse_further_decisions();
        rt.decisions.push({f.operations, f.id, static_cast<std::uint16_t>(pick), true});
    }
    return pick;
}

void yield_now() {
    fiber& f = *rt.current;
    const bool tired = ++f.yields > patience && !indulged();
    if (tired || !rt.now.ignore_yields) lower_priority(f);
    f.yielding = true;
    point_at(0);
}

void plain_stop() {
    fiber& f = *rt.current;
    if (f.operations > most_operations)
        fail(failure::hang,
             "Thread %d has made 30 million memory accesses in one execution: an endless loop.",
             f.id);
    if (f.operations >= f.plain_until) {
        f.streak = long_spin + 1;
        f.plain_until = f.operations + plain_limit;
        ++rt.steps;
        lower_priority(f);
    }
    f.pending = 0;
    schedule();
    replay_thread_started(f);
}

void finish_current() {
    fiber& f = *rt.current;
    tick(f);
    f.finished = true;
    note_ended_stack(f);
    --rt.alive;
    rt.runnable.remove(f.id);
    rt.blocked.for_each([&](int id) {
        const fiber& other = *rt.fibers[id];
        if (other.wait == waiting::join && other.wait_address == f.id) rt.runnable.add(id);
    });
    ++f.operations;
    f.pending = 0;
    schedule();
    __builtin_unreachable();
}

const char* describe_thread(int id, char (&buffer)[24]) noexcept {
    if (id == 0) return "the main thread";
    std::snprintf(buffer, sizeof buffer, "thread %d", id);
    return buffer;
}

}  // namespace interleave::detail
