#pragma once

#include "interleave/explore.hpp"

namespace interleave::detail {

/// The options as given, with what the environment overrides. Throws std::invalid_argument with a
/// sentence for values that make no sense.
[[nodiscard]] options with_environment(options how);

}  // namespace interleave::detail
