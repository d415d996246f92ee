#pragma once

#include <optional>
#include <string_view>

#include "report.hpp"

namespace interleave::sanitizer {

/// Reads one line of a stack, in any of its forms:
///     #0 visit() /course/global.cpp:5:21 (program+0xd43a3) (BuildId: 3876)
///     #1 operator() /course/check.cpp:12 (program+0x1770)
///     #2 <null> <null> (libstdc++.so.6+0xd44a2)
///     #3 0x555555636e0e in main /course/memory.cpp:53:50
///     #4 0x7ffff7cd44a2  (/lib/x86_64-linux-gnu/libstdc++.so.6+0xd44a2)
/// `line` is printable text. Nothing when it is no such line.
std::optional<source_frame> parse_frame(std::string_view line);

}  // namespace interleave::sanitizer
