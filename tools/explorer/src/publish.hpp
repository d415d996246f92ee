#pragma once

#include "interleave/explore.hpp"

namespace interleave::detail {

/// Appends the result as json_lines() to the file that INTERLEAVE_RESULTS names, for whoever runs
/// this program. False: there is no such file, or it cannot be written.
bool publish(const result& found);

}  // namespace interleave::detail
