#pragma once
#include <functional>
#include <vector>

namespace interleave {

/// Runs `calls` against one another, each on a thread of its own, many times over: a thread is
/// stopped right after one of its lock operations and goes on only when every other thread has been
/// stopped too, wants a lock that it cannot have, or has returned. Every choice of such places is
/// tried, in every order of the threads. So calls that lock A then B and B then A embrace in every
/// run, and a call that lets go of a lock half-way is interrupted there.
///
/// A lock operation is taking or giving back a std::mutex, recursive_mutex or shared_mutex. Two
/// calls are stopped after any of them; three or more only while they hold a lock and are about to
/// take another, which is what a cycle is made of. A thread that waits in another way (a condition
/// variable, a semaphore, a spinning loop) is noticed and not waited for. A deadlock really
/// happens: the call never returns, and the runner names it.
///
/// `before` and `after` are called around each run, by the calling thread, while no other runs.
/// Where locks cannot be watched (INTERLEAVE_LOCK_HOOKS is 0) the calls are let loose together a
/// number of times instead. Returns the number of runs. Main thread only; threads that a call
/// starts are not held.
int run_at_lock_gates(const std::vector<std::function<void()>>& calls,
                      const std::function<void()>& before, const std::function<void()>& after);

}  // namespace interleave
