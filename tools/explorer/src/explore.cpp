#include "interleave/explore.hpp"

#include <stdexcept>

#include "early_heap.hpp"
#include "execute.hpp"
#include "fiber.hpp"
#include "globals.hpp"
#include "memory.hpp"
#include "outcomes.hpp"
#include "output_guard.hpp"
#include "publish.hpp"
#include "real.hpp"
#include "schedule_text.hpp"
#include "scheduler.hpp"
#include "settings.hpp"
#include "shadow.hpp"
#include "shrink.hpp"
#include "story.hpp"
#include "strategy.hpp"
#include "trace.hpp"

namespace interleave::detail {

INTERLEAVE_KEEP runtime rt;
INTERLEAVE_KEEP bool thread_set::many = false;

namespace {

// Time of the processor, not of the wall: a busy machine must not change a verdict.
double seconds_since(const timespec& start) {
    timespec now{};
    real().clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec - start.tv_sec) +
           static_cast<double>(now.tv_nsec - start.tv_nsec) * 1e-9;
}

/// Forgets a race that is not the program's fault, or whose report nobody wants.
bool acceptable(const execution& e) {
    const execution told = replay_once(e.decisions, true);
    if (!race_is_known_library_fault(told)) return true;
    cell& c = raw_cell(e.race.address);
    c.flags = static_cast<std::uint8_t>((c.flags | cell::suppressed) & ~cell::racy);
    return false;
}

struct searching_guard {
    searching_guard() { rt.searching = true; }
    ~searching_guard() { rt.searching = false; }
    searching_guard(const searching_guard&) = delete;
    searching_guard& operator=(const searching_guard&) = delete;
};

struct early_heap_guard {
    early_heap_guard() { early_heap_remember(); }
    ~early_heap_guard() {
        early_heap_restore();
        early_heap_release();
    }
    early_heap_guard(const early_heap_guard&) = delete;
    early_heap_guard& operator=(const early_heap_guard&) = delete;
};

struct finding {
    bool found = false;
    execution what;
};

// Where nothing is said: some mistakes of short programs take half a dozen switches at the right
// places, and a hundred thousand executions to be found.
constexpr long most_executions = 500'000;
constexpr long most_points = 30'000'000;

/// The usual number of executions has been made, and that is enough for this program.
bool is_enough(long executions, long points) {
    if (executions < usual_executions) return false;
    if (strategy_exhausted()) return true;
    const int share = rt.switch_to == interleave_switch_by_syscall ? 10 : 1;
    return executions >= most_executions / share || points >= most_points / share;
}

/// The search. A race is kept back for a while: a wrong result tells the learner more.
finding search(result& r, const timespec& start) {
    finding worst;
    const bool by_size = rt.how.executions == 0;
    long until = by_size ? most_executions : rt.how.executions;
    long points = 0;
    strategy_start();
    for (long i = 0; i < until && !(by_size && is_enough(i, points)); ++i) {
        strategy_begin(i);
        execute_once();
        ++r.executions;
        points += rt.points;
        const bool suspicious = rt.end == ending::failed || rt.race.kind != failure::none ||
                                rt.failed.kind == failure::leak;
        if (suspicious) {
            execution e = last_execution();
            const bool race = e.race.kind != failure::none;
            const bool leak = e.failed.kind == failure::leak;
            // Only a consequence of the program's own doing is better than a race.
            if (e.failed.kind != failure::none && !leak) {
                r.raced = (worst.found && worst.what.race.kind != failure::none) ||
                          (race && acceptable(e));
                return {true, std::move(e)};
            }
            const bool replaces = !worst.found || (race && worst.what.failed.kind == failure::leak);
            if (replaces && (!race || acceptable(e))) {
                if (race) e.failed.kind = failure::none;
                worst = {true, std::move(e)};
                if (until > i + 1 + rt.how.continue_after_race)
                    until = i + 1 + rt.how.continue_after_race;
            }
        }
        if (strategy_finished_all()) {
            r.exhausted = !worst.found;
            return worst;
        }
        if ((i & 63) == 0 && seconds_since(start) > rt.how.seconds) {
            r.out_of_time = true;
            return worst;
        }
    }
    r.exhausted = strategy_exhausted() && !worst.found;
    return worst;
}

void prepare(body_function body, void* context, const options& how) {
    if (rt.made > 0 && thread_pointer() != rt.driver_thread_pointer && rt.driver_thread_pointer)
        throw std::logic_error("explore() must always be called on the same thread.");
    real();
    rt.how = how;
    rt.body = body;
    rt.context = context;
    rt.expected_points = 50;
    rt.flags_grew = rt.weak_seen = false;
    // An execution that makes room begins again with what it has learnt: so does a search's first
    // one every time, or two searches would differ.
    rt.stride = first_stride;
    rt.end = ending::running;
    rt.decisions.reserve(std::size_t{1} << 20);
    rt.touched.reserve(1 << 12);
    fibers_prepare();
    arena_prepare();
    shadow_start();
    if (!rt.own_thread_pointers) {
        // What the program's own code uses of them; the exceptions in flight are the library's,
        // which is not instrumented.
        for (const void* place :
             {static_cast<void*>(rt.places.error), static_cast<void*>(rt.places.once_callable),
              reinterpret_cast<void*>(rt.places.once_call)})
            raw_cell(reinterpret_cast<std::uintptr_t>(place)).flags |= cell::own;
    }
    globals_remember();
}

}  // namespace

bool exploring() noexcept {
    return rt.active;
}

void expect(bool holds, const char* expression, const char* file, int line) {
    if (holds || !rt.active) return;
    char buffer[24];
    trace_event(operation::expect_failed, 0, 0, INTERLEAVE_CALLER);
    rt.failed.file = file;
    rt.failed.line = line;
    rt.failed.pc = INTERLEAVE_CALLER;
    fail(failure::wrong_result, "EXPECT(%s) does not hold, in %s (%s:%d).", expression,
         describe_thread(rt.current->id, buffer), file, line);
}

result run(body_function body, void* context, const options& given) {
    if (rt.active) throw std::logic_error("explore() cannot be called inside the body of another.");
    const searching_guard searching;
    const options how = with_environment(given);
    const std::vector<decision> schedule =
        how.schedule.empty() ? std::vector<decision>{} : read_schedule(how.schedule);
    prepare(body, context, how);
    rt.caller_frame = static_cast<const char*>(__builtin_frame_address(0));
    timespec start{};
    real().clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    result r;
    r.seed = how.seed;
    finding worst;
    execution told;
    std::string printed;
    {
        output_guard output;
        {
            outcome_guard outcomes;
            early_heap_guard early;
            if (how.schedule.empty()) {
                worst = search(r, start);
            } else {
                worst.what = replay_once(schedule, false);
                r.raced = worst.what.bad() && worst.what.race.kind != failure::none;
                worst.found = worst.what.bad() || worst.what.race.kind != failure::none;
                ++r.executions;
            }
            if (worst.found) {
                if (how.schedule.empty()) worst.what = shrink(worst.what, r.replays);
                output.forget();
                told = replay_once(worst.what.decisions, true);
                printed = output.text();
            }
        }
        globals_restore();
        if (worst.found) tell(r, told, worst.what);
    }
    r.output = printed;
    if (r.failed) {
        r.schedule = write_schedule(worst.what.decisions);
        r.preemptions = told.preemptions;
    } else if (!how.schedule.empty() && replay_unused() > 0) {
        r.failed = true;
        r.kind = failure::nondeterminism;
        r.message =
            "The recorded schedule does not fit this program: " + std::to_string(replay_unused()) +
            " of its " + std::to_string(schedule.size()) +
            " entries were never reached. It belongs to another version of the source, or "
            "the program does not do the same thing twice.";
    }
    r.seconds = seconds_since(start);
    publish(r);
    return r;
}

}  // namespace interleave::detail

bool interleave::controls_interleavings() noexcept {
    return true;
}
