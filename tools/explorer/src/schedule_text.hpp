#pragma once

#include <string>
#include <vector>

#include "runtime.hpp"

namespace interleave::detail {

/// "1.37>2,0.51=1": thread 1, before its 37th operation, gives way to thread 2; thread 0 takes
/// alternative 1 of a choice at its 51st. "default" for a schedule without entries.
[[nodiscard]] std::string write_schedule(const std::vector<decision>& entries);
/// Throws std::invalid_argument with a sentence for text that is not a schedule.
[[nodiscard]] std::vector<decision> read_schedule(const std::string& text);

}  // namespace interleave::detail
