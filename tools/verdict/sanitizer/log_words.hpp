#pragma once

#include <string>
#include <string_view>

#include "text.hpp"

namespace interleave::sanitizer {

std::string_view without_indent(std::string_view text);

/// Skips "==4711==", with which AddressSanitizer begins its lines.
void skip_process(text_cursor& cursor);

/// Reads who it is: "thread T1" and "T1" become "T1", "main thread" and AddressSanitizer's T0
/// "main".
std::string thread_name(text_cursor& cursor);

}  // namespace interleave::sanitizer
