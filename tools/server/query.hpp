#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace interleave {

/// The text with each %41 replaced by the byte it stands for; a lone % stays as it is.
std::string percent_decoded(std::string_view text);

/// The decoded value of `name` in a query string such as "a=1&b=2".
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// The whole of `text` as a decimal number from `low` to `high`.
std::optional<long> number_in(std::string_view text, long low, long high);

}  // namespace interleave
