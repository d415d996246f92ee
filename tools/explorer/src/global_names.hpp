#pragma once

#include <cstdint>
#include <string>

namespace interleave::detail {

/// The name of the global or function-local static variable that begins at this address, as the
/// executable's table of symbols has it, without its namespaces; empty when there is none.
[[nodiscard]] std::string global_name(std::uintptr_t address);

}  // namespace interleave::detail
