#pragma once
#include <stop_token>
#include <string>

#include "course/course.hpp"
#include "course/progress.hpp"
#include "runner/runner.hpp"

namespace interleave {

/// Opens a lesson and watches the learner's file: every save gets its verdict, stage by stage.
/// Needs a terminal; without one the lesson is judged once. Returns the exit status.
int learn_command(const course&, progress&, runner&, const std::string& lesson,
                  std::stop_token stop);

}  // namespace interleave
