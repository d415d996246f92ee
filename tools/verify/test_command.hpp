#pragma once
#include <stop_token>

#include "course/course.hpp"
#include "runner/runner.hpp"
#include "terminal/progress_line.hpp"

namespace interleave {

/// The suite's proof of itself: the course's form, the unit tests of the tools, and every lesson
/// both ways. Ends with the line "N passed, N failed". Returns the exit status.
int test_command(const course&, runner&, int jobs, progress_line&, const std::stop_token& stop);

}  // namespace interleave
