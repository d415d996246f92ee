#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace interleave {

/// The unified diff of two texts with three lines of context, as `diff -u` writes it, headed by
/// the two names. Empty if they are equal.
std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name);

/// How many lines such a diff removes and adds.
std::size_t changed_lines(std::string_view before, std::string_view after);

}  // namespace interleave
