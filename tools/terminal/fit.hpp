#pragma once
#include <string>
#include <string_view>

namespace interleave {

/// How many columns a line takes: one for each character, none for escape sequences.
int columns_of(std::string_view line);

/// `line` cut to `columns` visible characters, the last three of them "..." unless there is room for
/// a few only; escape sequences take no room and are kept. Tabs become spaces.
std::string fit(std::string_view line, int columns);

/// `text` broken at spaces so that no line is wider than `columns`, unless one word is; later lines
/// begin with `indent`.
std::string wrap(std::string_view text, int columns, const std::string& indent);

}  // namespace interleave
