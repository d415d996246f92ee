#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "course/progress.hpp"
#include "runner/runner.hpp"

namespace interleave {

/// What `check` was asked for.
struct check_request {
    std::vector<std::string> lessons;  ///< As typed; empty with `all`, or for the current lesson.
    bool all = false;
    std::filesystem::path answer;  ///< Any file, judged as the answer of the one lesson named.
    bool json = false;
    std::vector<stage> only;
    bool gcc = false;
    std::string schedule;  ///< Replays this one interleaving instead of exploring.
};

/// Exit statuses of every command that reaches a verdict.
enum exit_status : int {
    exit_passed = 0,
    exit_failed = 1,        ///< The answer, or one of them, is wrong.
    exit_usage = 2,         ///< The command line or the course is at fault.
    exit_machine = 3,       ///< The machine is at fault: infrastructure or inconclusive.
    exit_interrupted = 130  ///< Ctrl-C.
};

/// Judges the learner's answers, or a given file, and prints the verdicts. Returns the exit status.
int check_command(const course&, progress&, runner&, const check_request&,
                  const std::stop_token& stop);

/// The exit status that a verdict stands for.
exit_status status_of(const verdict&);

}  // namespace interleave
