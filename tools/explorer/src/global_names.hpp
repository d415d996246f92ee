#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace interleave::detail {

/// A global or function-local static variable, as the executable's table of symbols has it.
struct global_variable {
    std::string name;  ///< without its namespaces; empty: there is none, or it has none
    std::uintptr_t begin = 0;
    std::size_t size = 0;
};

/// The variable that contains this address.
[[nodiscard]] global_variable global_around(std::uintptr_t address);

}  // namespace interleave::detail
