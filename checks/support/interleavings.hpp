#pragma once
#include <functional>

namespace interleave {

/// Runs a small scenario under every interleaving that the explorer can reach, and fails the case
/// with the one that breaks it: an EXPECT that does not hold, a deadlock, a lost wake-up, a race.
/// The story goes to the learner by the event channel. In a build without the explorer the scenario
/// is repeated on real threads.
///
/// The scenario makes its own objects, starts and joins its threads, and states what must hold with
/// EXPECT (interleave/explore.hpp). Two or three threads and a handful of operations suffice.
/// Cases that call it are tagged [interleavings]. Main thread only.
void holds_in_every_interleaving(const std::function<void()>& scenario);

}  // namespace interleave
