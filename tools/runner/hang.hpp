#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "runner/process.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// Why a run stood still, in the learner's own lines.
struct hang_report {
    kind why = kind::hang;       ///< deadlock when threads hold what they wait for; otherwise hang.
    std::string summary;         ///< One sentence.
    std::optional<place> where;  ///< In the answer where possible, otherwise in the check.
    std::string text;            ///< At most some twenty lines, each thread's place and the cycle.
};

/// Explains a run that ended blocked, idle, at its CPU limit or at its wall limit. `program` is the
/// executable that ran, `answer` the header that is judged; paths under `root` are shown relative
/// to it. Frames of the standard library, of Catch2 and of the check are left out where there is a
/// frame of the answer. Any thread.
hang_report describe_hang(const run_result& run, const std::filesystem::path& program,
                          const std::filesystem::path& answer, const std::filesystem::path& root);

/// How a run was ended by a signal, in the learner's own lines.
struct crash_report {
    kind why = kind::crash;  ///< crash, uncaught_exception or unjoined_thread.
    std::string summary;
    std::optional<place> where;
    std::string text;
};

/// Explains a run that ended signalled, from its last stack event and from what the C++ runtime
/// wrote to stderr. Parameters as above.
crash_report describe_crash(const run_result& run, const std::filesystem::path& program,
                            const std::filesystem::path& answer, const std::filesystem::path& root);

}  // namespace interleave
