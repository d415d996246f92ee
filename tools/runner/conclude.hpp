#pragma once
#include <filesystem>
#include <string>

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
    std::string sanitizer_log;  ///< What the sanitizer wrote to its log files, whole.
};

/// Decides a stage. A passed stage needs all of it: every case ended with an assertion that held
/// and none that did not, the session's own end, exit status 0, and a silent sanitizer.
stage_result conclude(const stage_run&);

}  // namespace interleave
