#pragma once

#include "execute.hpp"

namespace interleave::detail {

/// Fills in kind, message, place and story from the traced replay `told` of the execution `found`.
void tell(result& r, const execution& told, const execution& found);
/// True for a race inside the standard library that its users cannot help.
[[nodiscard]] bool race_is_known_library_fault(const execution& traced);

}  // namespace interleave::detail
