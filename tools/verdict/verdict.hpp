#pragma once
#include <filesystem>
#include <interleave/story.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// The steps every answer goes through, in this order.
enum class stage { build, behaviour, race, interleavings, lifetime, speedup };

/// What a stage concluded. Only `failed` is the answer's doing.
enum class outcome { passed, failed, skipped, inconclusive, infrastructure, tampered };

/// In which way an answer is wrong.
enum class kind {
    none,
    build_error,
    wrong_result,
    race,
    deadlock,
    lost_wakeup,
    hang,
    crash,
    leak,
    use_after_free,
    memory_error,
    uncaught_exception,
    lost_exception,
    unjoined_thread,
    no_overlap,
    too_many_threads,
    too_many_requests,
    blocked_loop,
    false_sharing,
    imbalance,
    too_slow,
    exit,
    livelock,
    output_limit,
    memory_limit,
    lock_misuse,
};

/// The names that files, formats and tags use: "wrong-result", "no-overlap", ...
std::string_view name(stage);
std::string_view name(outcome);
std::string_view name(kind);
std::optional<stage> parse_stage(std::string_view);
std::optional<outcome> parse_outcome(std::string_view);
std::optional<kind> parse_kind(std::string_view);

/// Every stage in order, for loops.
const std::vector<stage>& all_stages();

/// A place in a source file; `text` is the line itself, trimmed.
struct place {
    std::filesystem::path file;
    int line = 0;
    int column = 0;
    std::string text;
};

/// A case of the check that did not hold.
struct case_failure {
    std::string sentence;    ///< The case's name: what should be observed.
    std::string expression;  ///< As written in the check.
    std::string expanded;    ///< With the values seen.
    std::string message;
    place where;  ///< In the check.
};

/// A number that is shown and decides nothing.
struct measurement {
    std::string name;
    double value = 0;
    std::string unit;
};

/// What one stage concluded about one answer.
struct stage_result {
    stage which = stage::build;
    outcome result = outcome::skipped;
    kind why = kind::none;       ///< Set when failed.
    std::string summary;         ///< One sentence, without a full stop's worth of detail.
    std::optional<place> where;  ///< In the answer's own lines when known.
    std::string evidence;  ///< Ready to print: digest, stacks, the compiler's error. No colour.
    std::vector<case_failure> failures;
    std::vector<measurement> measurements;
    std::string schedule;       ///< Replays the failure, when a schedule decided it.
    std::optional<story> told;  ///< The execution that failed, step by step, when it was explored.
    bool sampled = false;       ///< interleavings: real threads, a sample of what can happen.
    int points = 0;
    int max_points = 0;
    double seconds = 0;  ///< Wall time of the stage. Shown only.
};

/// The one record from which every face and every format is written.
struct verdict {
    std::string lesson;
    std::filesystem::path answer;
    std::vector<stage_result> stages;
    double seconds = 0;

    /// passed when every stage passed; failed when any failed; otherwise the gravest of tampered,
    /// infrastructure, inconclusive, skipped. A stage that was not asked for is left out of
    /// `stages`; one that was asked for and could not run is in it as skipped. Without a stage
    /// nothing was judged: skipped.
    outcome result() const;

    /// The kind of the failure. A race outranks its symptoms: a lost update may or may not show in
    /// a plain run, the race that causes it always does, so that the same answer has one kind. Next
    /// comes what the explorer found, for the same reason: a lost wake-up may hang a plain run or
    /// not.
    kind why() const;

    /// The stage that `why()` comes from; nullptr when nothing failed.
    const stage_result* decisive() const;

    const stage_result* find(stage) const;
    /// The sum over the stages; 0 when a stage was tampered with, which voids what the others say.
    int points() const;
    int max_points() const;
};

/// Whether a verdict in which `failed` is decisive might get another kind from a failure of
/// `which`.
bool could_outrank(stage which, const stage_result& failed);

}  // namespace interleave
