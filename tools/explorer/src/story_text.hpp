#pragma once

#include <string>

#include "interleave/explore.hpp"

namespace interleave::detail {

/// The story as a table of at most 40 lines of 100 columns: a column per thread, one step per line
/// of the program, what it read and wrote below.
[[nodiscard]] std::string story_table(const story& s, failure kind);

}  // namespace interleave::detail
