#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace interleave {

/// A rule of the course that is not kept, or a note.
struct finding {
    std::filesystem::path file;  ///< Relative to the root.
    int line = 1;
    std::string sentence;
    bool note = false;  ///< Worth a look; the course may be published with it.
};

/// "path:line: sentence", or "path:line: note: sentence".
std::string to_string(const finding&);

struct lint_options {
    /// A learner's file that differs from the pristine starter is a mistake (in a release, where
    /// nobody has worked yet), not a note (in a learner's checkout).
    bool pristine = false;
};

/// pristine when the environment says CI=true.
lint_options default_lint_options();

/// Every rule of the course that is not kept, by lesson. Whether
/// the answers get the verdicts they declare is not asked here: that is what `verify` is for.
std::vector<finding> lint(const course&, lint_options = default_lint_options());

}  // namespace interleave
