#include "execute.hpp"

#include "early_heap.hpp"
#include "exit_handlers.hpp"
#include "fiber.hpp"
#include "globals.hpp"
#include "memory.hpp"
#include "memory_model.hpp"
#include "shadow.hpp"
#include "strategy.hpp"
#include "thread_end.hpp"
#include "trace.hpp"

namespace interleave::detail {
namespace {

constexpr std::int64_t start_of_time = 1'000'000'000'000'000;

void restart() {
    ++rt.generation;
    rt.count = rt.alive = 0;
    rt.runnable.clear();
    rt.blocked.clear();
    rt.watched.clear();
    rt.ended_stacks_size = 0;
    rt.end = ending::running;
    rt.failed.kind = rt.race.kind = failure::none;
    rt.failed.thread = nobody;
    rt.failed.pc = rt.failed.address = 0;
    rt.failed.file = nullptr;
    rt.failed.line = 0;
    rt.race_decisions = 0;
    rt.steps = rt.points = 0;
    rt.time = start_of_time;
    rt.decisions.clear();
    rt.preemptions = 0;
    rt.body_finished = false;
    rt.spawning = false;
    clocks_restart();
    sync_objects_restart();
    memory_model_restart();
    arena_restart();
    keys_restart();
    globals_restore();
    early_heap_restore();
    exit_handlers_restart();
}

}  // namespace

void execute_once() {
    const std::uint64_t random_state = rt.random_state;
    do {
        rt.random_state = random_state;
        restart();
        run_execution();
    } while (rt.end == ending::grown);
    if (rt.end == ending::done) check_leaks();
}

execution replay_once(const std::vector<decision>& schedule, bool tracing) {
    replay_load(schedule.data(), schedule.size());
    rt.now = {chooser::replay, false, rt.how.stale_reads, 0};
    if (tracing) {
        trace_restart();
        shadow_forget_races();
    }
    rt.tracing = tracing;
    execute_once();
    rt.tracing = false;
    execution e = last_execution();
    e.decisions = schedule;
    return e;
}

execution last_execution() {
    execution e;
    e.end = rt.end;
    e.failed = rt.failed;
    e.race = rt.race;
    // A program that races may well be too much for the explorer in consequence.
    const bool refused =
        e.failed.kind == failure::resource_limit || e.failed.kind == failure::step_limit;
    if (refused && e.race.kind != failure::none) e.failed.kind = failure::none;
    e.preemptions = rt.preemptions;
    e.decisions.assign(rt.decisions.begin(), rt.decisions.end());
    return e;
}

}  // namespace interleave::detail
