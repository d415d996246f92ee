#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "verdict/verdict.hpp"

namespace interleave {

/// One case of a check, as it reported itself.
struct observed_case {
    std::string sentence;
    std::vector<std::string> tags;
    bool ended = false;
    int passed = 0;
    int failed = 0;
    std::vector<case_failure> failures;
    bool infrastructure = false;  ///< The first failure is the machine's.
    bool inconclusive = false;    ///< The first failure says that nothing can be said.

    /// The kind that the case's tag names; wrong_result without one.
    kind failing_kind() const;
};

/// Everything a check wrote to the event channel.
struct observation {
    std::vector<observed_case> cases;
    bool ended = false;  ///< The session came to its end and said so.
    int status = 0;
    std::vector<measurement> measurements;
    std::vector<std::string> stacks;  ///< Stack events, as written.

    /// The case that was under way when the check stopped speaking; nullptr when none was.
    const observed_case* interrupted() const;
};

/// Reads the event lines; what is not an event is skipped.
observation observe(std::string_view event_lines);

}  // namespace interleave
