#pragma once
#include <stop_token>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "runner/runner.hpp"
#include "terminal/progress_line.hpp"

namespace interleave {

/// What `verify` was asked for.
struct verify_request {
    std::vector<std::string> lessons;  ///< As typed; empty: all.
    std::vector<stage> only;           ///< Empty: every stage of each lesson.
    bool gcc = false;
    int jobs = 2;  ///< Answers under way at once.
    bool json = false;
};

/// How many answers got the verdict that the course declares for them, and how many did not.
struct tally {
    int passed = 0;
    int failed = 0;
    int undecided = 0;  ///< Among the passed: a speedup that this machine could not show.
};

/// Whether a verdict is the one that the course declares for an answer to this lesson. When only
/// some stages were run, or interleavings were only sampled, an answer that is declared to fail
/// must fail only if what was run decides its kind.
bool as_declared(const lesson&, const answer&, const verdict&, const std::vector<stage>& only);

/// Proves lessons both ways: the starter and every wrong answer are rejected for their declared
/// reason, the solution and every right answer pass. Prints a line for each answer as it ends, and
/// the verdict of every one that is not as declared.
tally verify(const course&, runner&, const verify_request&, progress_line&, std::stop_token stop);

}  // namespace interleave
