#pragma once
#include <stop_token>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "runner/runner.hpp"
#include "terminal/progress_line.hpp"

namespace interleave {

/// What `races` was asked for.
struct races_request {
    std::vector<std::string> lessons;    ///< As typed; empty: all that have a race stage.
    std::vector<std::string> compilers;  ///< "clang", "gcc"; empty: both.
    int runs = 1;                        ///< How often each answer is judged by each compiler.
    int jobs = 2;
    bool json = false;
};

/// Puts every starter, wrong answer, right answer and solution under ThreadSanitizer, and prints
/// what was expected and what each compiler's runtime found. Returns how many answers there were as
/// expected in every run, and how many were not.
struct races_tally {
    int passed = 0;
    int failed = 0;
};
races_tally races(const course&, runner&, const races_request&, progress_line&,
                  std::stop_token stop);

}  // namespace interleave
