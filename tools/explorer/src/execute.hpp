#pragma once

#include <vector>

#include "runtime.hpp"

namespace interleave::detail {

/// How one execution ended, and what repeats it.
struct execution {
    ending end = ending::done;
    failure_record failed;
    failure_record race;
    std::vector<decision> decisions;
    int preemptions = 0;

    [[nodiscard]] bool bad() const { return failed.kind != failure::none; }
};

/// Runs the body once, as rt.now says. Cheap: nothing is copied out.
void execute_once();
/// Runs the body under a known schedule. `weak`: with older values for weakly ordered loads.
[[nodiscard]] execution replay_once(const std::vector<decision>& schedule, bool tracing);
/// What the last execution was, copied out.
[[nodiscard]] execution last_execution();

}  // namespace interleave::detail
