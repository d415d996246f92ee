#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/verdict.hpp"

namespace interleave {

/// What the explorer found in a case's scenario.
struct exploration {
    std::string kind;  ///< In the explorer's words; "none" when nothing was found.
    std::string message;
    place where;
    story told;
    std::string schedule;
    long executions = 0;
    bool exhausted = false;
    bool sampled = false;  ///< Real threads: the interleavings were not explored.
    bool raced = false;    ///< A data race was seen besides.

    /// Whether the race outranks what is told: it explains a crash. A wrong result may as well be
    /// what lets the scenario's own threads race.
    bool explained_by_race() const { return raced && kind == "crash"; }

    /// Whether the scenario waited for something that no schedule decides, as a pipe: that is no
    /// mistake, and proves nothing.
    bool outside_its_world() const { return kind == "outside-world"; }
};

/// One case of a check, as it reported itself.
struct observed_case {
    std::string sentence;
    std::vector<std::string> tags;
    bool ended = false;
    int passed = 0;   ///< Assertions that held.
    int failed = 0;   ///< Assertions that did not, for whatever reason.
    int skipped = 0;  ///< How often the case was left half-way without a failure.
    std::vector<case_failure> failures;       ///< What the answer is at fault for.
    std::vector<std::string> infrastructure;  ///< What the machine is at fault for, in sentences.
    std::vector<std::string> inconclusive;    ///< Why nothing can be said, in sentences.

    std::optional<exploration> explored;  ///< Of a case tagged [interleavings].

    /// Whether an assertion failed that the machine is not to blame for.
    bool answer_failed() const;

    /// What the explorer found, or the race that explains it; else the kind that the case's tag
    /// names; wrong_result without one.
    kind failing_kind() const;
};

/// Everything a check wrote to the event channel.
struct observation {
    std::vector<observed_case> cases;
    bool ended = false;  ///< The session came to its end and said so.
    bool gone = false;   ///< After that, the program was left the way it should be: by exit().
    int status = 0;
    std::vector<measurement> measurements;
    std::vector<std::string> stacks;  ///< Stack events, as written.

    /// The case that was under way when the check stopped speaking; nullptr when none was.
    const observed_case* interrupted() const;
};

/// Reads the event lines; what is not an event is skipped.
observation observe(std::string_view event_lines);

}  // namespace interleave
