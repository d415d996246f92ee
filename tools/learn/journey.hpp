#pragma once
#include "course/course.hpp"
#include "course/progress.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// The lesson the learner is at: where they left off, else the first that is not done, else the
/// last. The course has at least one lesson.
const lesson& current_lesson(const course&, const progress&);

/// The first lesson after `from` that is not done, else the first that is not done at all; nullptr
/// when all are done.
const lesson* next_lesson(const course&, const progress&, const lesson& from);

/// Remembers a verdict on the learner's own answer, if it is one: a run that was stopped, or that
/// the machine spoilt, changes nothing.
void note_verdict(progress&, const lesson&, const verdict&);

}  // namespace interleave
