#pragma once
#include <initializer_list>
#include <interleave/explore.hpp>

#include "support/function_ref.hpp"

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
void holds_in_every_interleaving(function_ref<void()> scenario, long executions = 10'000);

/// What in_parallel does, whatever the types of the work.
void run_in_parallel(std::initializer_list<function_ref<void()>> all);

/// Runs each piece of work on a thread of its own, and returns when all have returned. There is no
/// start signal as in run_together: the explorer tries every beginning.
template <class... Work>
void in_parallel(const Work&... work) {
    run_in_parallel({function_ref<void()>(work)...});
}

}  // namespace interleave
