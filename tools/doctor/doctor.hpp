#pragma once
#include <stop_token>
#include <string>
#include <vector>

#include "runner/runner.hpp"

namespace interleave {

/// One thing the suite needs of the machine.
struct finding_of_doctor {
    enum class state { good, limited, missing } how = state::good;
    std::string what;    ///< "ThreadSanitizer (clang)"
    std::string detail;  ///< What was seen.
    std::string remedy;  ///< What to do about it; empty when good.
};

/// Looks at the machine by using it: compiles nothing new, but starts every program that a verdict
/// depends on. Throws nothing that the machine causes: that is what it reports.
std::vector<finding_of_doctor> examine(runner&, const std::stop_token& stop = {});

/// Prints the findings; returns the exit status: 0, or 3 when something is missing.
int doctor_command(runner&, bool json, const std::stop_token& stop);

}  // namespace interleave
