#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "course/lesson.hpp"
#include "runner/process.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// What a run of a check left behind.
struct stage_run {
    stage which = stage::behaviour;
    const lesson* what = nullptr;
    const answer* whose = nullptr;
    std::filesystem::path root;     ///< Paths in texts are relative to it.
    std::filesystem::path program;  ///< For turning addresses into lines.
    run_result run;
    std::string sanitizer_log;       ///< What the sanitizer wrote to its log files, whole.
    std::vector<std::string> cases;  ///< The sentences of the cases that the stage should run.
    bool replayed = false;           ///< One recorded schedule was run, and nothing explored.
};

/// Decides a stage. A passed stage needs all of it: the cases that ran are those of the check, each
/// ended with an assertion that held and none that did not, the session's own end, an orderly exit
/// with status 0, nobody but the check on its event channel, and a silent sanitizer. What the
/// answer did wrong outranks what the machine did.
stage_result conclude(const stage_run&);

/// The command that replays a schedule. One that would fill the screen is left to --json.
std::string with_schedule(const std::string& command, const std::string& schedule);

}  // namespace interleave
