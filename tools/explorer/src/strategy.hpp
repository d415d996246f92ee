#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// How often a body is run where nothing is said, unless it is short.
constexpr long usual_executions = 10'000;

struct candidates {
    thread_set enabled;
    thread_set timed;  ///< could continue if time passed
    int enabled_count = 0;
    int current = -1;     ///< the running thread if it is enabled and has not asked to yield
    int fallback = 0;     ///< what is taken unless there is a reason
    bool forced = false;  ///< the running thread yields or spins: others go first
};

/// The thread to continue with, among those that are enabled, where nothing has to be heeded but
/// the search's own way of choosing: not a replay, nor depth-first. `current` is the running
/// thread, or -1 where it is none of them.
[[nodiscard]] int pick_among(const thread_set& enabled, int count, int current);
/// The thread to continue with.
[[nodiscard]] int pick_thread(const candidates& among);
/// One of n alternatives.
[[nodiscard]] int pick_value(int n);

void strategy_start();                ///< of a search
void strategy_begin(long execution);  ///< sets rt.now and seeds the generator
/// Called after an execution; true when depth-first has run every schedule within its bound.
[[nodiscard]] bool strategy_finished_all();
[[nodiscard]] bool strategy_exhausted();
void thread_priority(fiber& f);  ///< for a new thread
void lower_priority(fiber& f);   ///< it yields, sleeps or spins

/// Depth-first search.
void depth_first_start(int bound, bool reduce);
void depth_first_begin();
[[nodiscard]] int depth_first_thread(const candidates& among);
[[nodiscard]] int depth_first_value(int n);
/// Moves on to the next schedule; false: there is none.
[[nodiscard]] bool depth_first_advance();
/// A segment ended: threads that sleep and depend on what it touched wake up.
void depth_first_segment_end();

/// The schedule that is replayed, in the order of its entries.
void replay_load(const decision* entries, std::size_t count);
void replay_thread_started(fiber& f);
/// The pick of the entry at this operation of the thread, or -1.
[[nodiscard]] int replay_pick(fiber& f, bool value);
[[nodiscard]] std::size_t replay_unused();

}  // namespace interleave::detail
