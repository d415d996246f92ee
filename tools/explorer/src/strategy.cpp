#include "strategy.hpp"

#include "scheduler.hpp"

namespace interleave::detail {
namespace {

struct rotation {
    plan plans[8] = {
        {chooser::random, true, false, 0},  {chooser::pct, true, true, 2},
        {chooser::sticky, false, false, 0}, {chooser::pct, false, false, 1},
        {chooser::random, true, true, 0},   {chooser::pct, false, false, 2},
        {chooser::sticky, true, true, 0},   {chooser::random, false, true, 0},
    };
};
constexpr rotation turns;

constexpr long warm_up = 32;  // executions that learn what is shared

// Depth-first search pays where it can come to its end. It has three turns of four in an execution
// of up to so many scheduling points, and one of four in a longer one, for fewer executions.
constexpr long short_execution = 60;

/// The part of a rotation that tries to exhaust the schedules.
enum class stage { warming_up, all_schedules, one_preemption, two_preemptions, turns };

struct search {
    stage at = stage::warming_up;
    long stage_left = 0;  ///< depth-first executions until the next stage
    long turn = 0;        ///< executions that were not depth-first
    bool exhausted = false;
    std::uint64_t change_at[4] = {};
    long lowest = 0;
};
INTERLEAVE_KEEP search s;

bool is_short() {
    return rt.expected_points <= short_execution;
}

void enter(stage next) {
    s.at = next;
    const long all = rt.how.executions > 0 ? rt.how.executions : usual_executions;
    s.stage_left = all / (is_short() ? 8 : 32);
    if (next == stage::all_schedules) depth_first_start(-1, true);
    if (next == stage::one_preemption) depth_first_start(1, false);
    if (next == stage::two_preemptions) depth_first_start(2, false);
}
void enter_next() {
    enter(static_cast<stage>(static_cast<int>(s.at) + 1));
}

/// In a rotation: is this execution one of the depth-first search's?
bool depth_first_turn(long execution) {
    if (s.at == stage::warming_up && execution >= warm_up)
        enter(is_short() ? stage::all_schedules : stage::one_preemption);
    if (s.at == stage::warming_up || s.at == stage::turns) return false;
    if (s.stage_left <= 0) enter_next();
    if (s.at == stage::turns || (execution % 4 == 0) == is_short()) return false;
    --s.stage_left;
    return true;
}

plan plan_of(strategy which, long execution) {
    const bool odd = execution % 2;
    switch (which) {
        case strategy::random:
            return {chooser::random, odd, execution % 4 > 1, 0};
        case strategy::sticky:
            return {chooser::sticky, odd, execution % 4 > 1, 0};
        case strategy::pct2:
            return {chooser::pct, odd, execution % 4 > 1, 1};
        case strategy::pct3:
            return {chooser::pct, odd, execution % 4 > 1, 2};
        case strategy::depth_first:
            return {chooser::depth_first, false, true, 0};
        case strategy::rotate:
            break;
    }
    // Whatever few switches bring about has been found by now. What takes many of them needs all
    // threads from the start on, and luck.
    const long turn = s.turn++;
    if (execution >= usual_executions && turn % 4 != 0)
        return {chooser::random, true, turn % 8 > 4, 0};
    return turns.plans[(execution >= usual_executions ? turn / 4 : turn) % 8];
}

}  // namespace

void strategy_start() {
    s = {};
    if (rt.how.search == strategy::depth_first) depth_first_start(rt.how.preemption_bound, false);
}

void strategy_begin(long execution) {
    rt.random_state = (rt.how.seed * 0x9E3779B97F4A7C15ull) ^
                      (static_cast<std::uint64_t>(execution + 1) * 0xD1B54A32D192ED03ull);
    if (!rt.random_state) rt.random_state = 1;
    for (int i = 0; i < 4; ++i) next_random();

    const bool depth_first = rt.how.search == strategy::rotate && depth_first_turn(execution);
    rt.now = plan_of(depth_first ? strategy::depth_first : rt.how.search, execution);
    // A thread that yields a few times loses no priority for it: it would leave the others no
    // chance to be together where it looks on.
    rt.now.ignore_yields = rt.now.how == chooser::pct || execution / 8 % 2;
    // Now and then it loses nothing at all for it, as on a machine with many processors.
    rt.now.indulgent = rt.now.how == chooser::pct && execution / 8 % 4 == 1;
    rt.now.weak = rt.now.weak && rt.weak_seen && rt.how.stale_reads;
    rt.now.exchanges_fail = rt.random_state % 4 == 0;
    if (rt.now.how == chooser::depth_first) depth_first_begin();
    const auto length = static_cast<unsigned>(rt.expected_points > 2 ? rt.expected_points : 2);
    for (int i = 0; i < rt.now.changes; ++i) s.change_at[i] = 1 + random_below(length);
    s.lowest = 0;
}

bool strategy_finished_all() {
    rt.expected_points =
        rt.points > rt.expected_points * 9 / 10 ? rt.points : rt.expected_points * 9 / 10;
    if (rt.now.how != chooser::depth_first) return false;
    const bool more = depth_first_advance();
    if (more) return false;
    if (rt.how.search == strategy::depth_first) return true;
    s.exhausted = s.at == stage::all_schedules || s.at == stage::two_preemptions;
    if (s.at == stage::all_schedules)
        s.at = stage::turns;
    else
        s.stage_left = 0;  // on to the next
    return false;
}

bool strategy_exhausted() {
    return s.exhausted;
}

void thread_priority(fiber& f) {
    f.priority = 1'000'000 + random_below(1'000'000);
}
void lower_priority(fiber& f) {
    f.priority = --s.lowest;
}

int pick_among(const thread_set& enabled, int count, int current) {
    switch (rt.now.how) {
        case chooser::sticky:
            if (current >= 0 && random_below(4)) return current;
            break;
        case chooser::pct: {
            for (int i = 0; i < rt.now.changes; ++i)
                if (s.change_at[i] == static_cast<std::uint64_t>(rt.points))
                    rt.current->priority = 100 - i;
            int best = -1;
            enabled.for_each([&](int id) {
                if (best < 0 || rt.fibers[id]->priority > rt.fibers[best]->priority) best = id;
            });
            return best;
        }
        default:
            break;
    }
    return enabled.at(static_cast<int>(random_below(static_cast<unsigned>(count))));
}

int pick_thread(const candidates& among) {
    if (rt.now.how == chooser::replay) {
        const int pick = replay_pick(*rt.current, false);
        const bool possible =
            pick >= 0 && pick < max_threads && (among.enabled.has(pick) || among.timed.has(pick));
        return possible ? pick : among.fallback;
    }
    if (rt.now.how == chooser::depth_first) return depth_first_thread(among);

    if (!among.timed.empty() && random_below(16) == 0)
        return among.timed.at(
            static_cast<int>(random_below(static_cast<unsigned>(among.timed.size()))));
    if (among.enabled_count == 0) return among.fallback;
    if (rt.spawning && rt.now.spawn_first && among.current >= 0) return among.current;
    if (among.enabled_count == 1) return among.enabled.at(0);
    if (rt.current->yielding && rt.now.ignore_yields && !among.forced &&
        among.enabled.has(rt.current->id))
        return rt.current->id;
    if (among.forced && among.enabled.has(rt.current->id)) {
        thread_set others = among.enabled;
        others.remove(rt.current->id);
        return pick_among(others, among.enabled_count - 1, among.current);
    }
    return pick_among(among.enabled, among.enabled_count, among.current);
}

int pick_value(int n) {
    switch (rt.now.how) {
        case chooser::replay: {
            const int pick = replay_pick(*rt.current, true);
            return pick >= 0 && pick < n ? pick : 0;
        }
        case chooser::depth_first:
            return depth_first_value(n);
        default:
            if (random_below(2)) return 0;
            return static_cast<int>(random_below(static_cast<unsigned>(n)));
    }
}

}  // namespace interleave::detail
