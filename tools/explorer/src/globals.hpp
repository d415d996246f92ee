#pragma once

// The program's globals and function-local statics start afresh in every execution: the writable
// memory of the executable, less what is marked INTERLEAVE_KEEP, is set back to what it was when
// explore() was called. Shared libraries keep their state.

#include <cstddef>

namespace interleave::detail {

void globals_remember();
void globals_restore() noexcept;
void for_each_global_range(void (*visit)(const char* begin, std::size_t size));
[[nodiscard]] const char* stack_end_of_driver() noexcept;

}  // namespace interleave::detail
