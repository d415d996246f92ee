#pragma once

#include <string_view>

#include "report.hpp"

namespace interleave::sanitizer {

/// The kind of a report from its title, such as "heap-use-after-free on address 0x6020...".
report_kind kind_of_title(std::string_view title);

/// The kind as an identifier for machine formats.
std::string_view name_of(report_kind kind);

/// The kind in words a beginner reads, in the singular or plural: "data races".
std::string_view kind_words(report_kind kind, bool plural);

}  // namespace interleave::sanitizer
