#pragma once

#include <string>

namespace interleave::detail {

/// A function of the standard library, as a symbolizer names it, taken apart.
struct library_call {
    std::string type;    ///< "lock_guard"; empty for a free function
    std::string method;  ///< "lock_guard", "~lock_guard", "count_down", "call_once"
};

/// "std::latch::count_down(long)" is count_down of latch; template arguments are dropped.
[[nodiscard]] library_call parse_library_call(std::string function);

/// How a call shows in a story.
enum class told_as {
    its_operations,  ///< a mutex, a lock, a condition, an atomic: what it does is what it is called
    one_call,        ///< a latch, a future: what it does inside is nobody's concern
    nothing,         ///< a container, a shared_ptr: told only where it is at fault
};
[[nodiscard]] told_as how_to_tell(const library_call&);

/// The call as the source line writes it: "done.count_down()".
[[nodiscard]] std::string written_call(const library_call&, const std::string& source_line);

}  // namespace interleave::detail
