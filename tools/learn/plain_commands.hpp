#pragma once
#include <string>

#include "course/course.hpp"
#include "course/progress.hpp"

namespace interleave {

/// The commands that neither build nor judge anything. Each prints to standard output and returns
/// the exit status.

/// The lessons by chapter, and how far the learner is with each.
int list_command(const course&, const progress&, bool json);

/// Goes on to the next lesson that is not done, and says which it is.
int next_command(const course&, progress&);

/// Shows one rung more than last time, or rung `number` (1 to 3) and those before it.
int hint_command(const course&, progress&, const std::string& lesson, int number);

/// Puts the starter back; asks first on a terminal, unless `sure`.
int reset_command(const course&, progress&, const std::string& lesson, bool sure);

/// Shows how the solution differs from the learner's file; asks first on a terminal the first time,
/// unless `sure`.
int solution_command(const course&, progress&, const std::string& lesson, bool sure);

/// Whether the person at the terminal answers yes; `otherwise` when there is no terminal to ask.
bool confirmed(const std::string& question, bool otherwise);

}  // namespace interleave
