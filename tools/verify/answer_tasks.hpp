#pragma once
#include <functional>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace interleave {

/// One answer to judge.
struct answer_task {
    const lesson* what = nullptr;  ///< In the course it was made from.
    answer whose;
};

/// Every shipped answer of the lessons named, or of all when none is, that `wanted` keeps. Throws
/// course_error for an unknown lesson.
std::vector<answer_task> answer_tasks(const course&, const std::vector<std::string>& lessons,
                                      const std::function<bool(const lesson&)>& wanted);

}  // namespace interleave
