#pragma once
#include <functional>
#include <interleave/explore.hpp>
#include <thread>

namespace interleave {

/// Runs a small scenario under every interleaving that the explorer can reach, and fails the case
/// with the one that breaks it: an EXPECT that does not hold, a deadlock, a lost wake-up, a race.
/// The story goes to the learner by the event channel. In a build without the explorer the scenario
/// is repeated on real threads.
///
/// The scenario makes its own objects, starts and joins its threads, and states what must hold with
/// EXPECT (interleave/explore.hpp). Two or three threads and a handful of operations suffice; a
/// longer one may ask for fewer executions. Cases that call it are tagged [interleavings]. Main
/// thread only.
void holds_in_every_interleaving(const std::function<void()>& scenario,
                                 long executions = options().executions);

/// Runs each piece of work on a thread of its own, and returns when all have returned. There is no
/// start signal as in run_together: the explorer tries every beginning.
template <class... Work>
void in_parallel(const Work&... work) {
    std::thread threads[] = {std::thread([&work] { work(); })...};
    for (std::thread& thread : threads) thread.join();
}

}  // namespace interleave
