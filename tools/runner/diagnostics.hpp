#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "verdict/verdict.hpp"

namespace interleave {

/// What a learner needs of a compiler's output: the first error, and where in the answer it is.
struct diagnosis {
    std::string message;  ///< "no member named 'lock' in 'std::mutex'"
    std::optional<place>
        where;            ///< In the answer when the error leads there, else where it stands.
    std::string excerpt;  ///< The error with the compiler's source lines, a dozen at most.
    int errors = 0;
    int warnings = 0;
};

/// Reads the output of clang, gcc or a linker. `answer` is the file whose lines are preferred.
diagnosis first_error(std::string_view compiler_output, const std::filesystem::path& answer);

/// The first warning in the same form; its message is empty when there is none.
diagnosis first_warning(std::string_view compiler_output, const std::filesystem::path& answer);

/// Whether clang refuses its precompiled header because what that was made of has changed since: a
/// system header that was upgraded, or the compiler itself.
bool precompiled_header_is_stale(std::string_view compiler_output);

}  // namespace interleave
