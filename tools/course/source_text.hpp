#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// C++ text with its comments, and the contents of its texts and characters, as spaces: what is
/// left at a place is code. Line ends stay, so that line numbers do. Raw strings are understood.
std::string code_only(std::string_view source);

/// The same, with the contents of texts and characters kept.
std::string without_comments(std::string_view source);

/// An #include directive.
struct inclusion {
    int line = 0;
    std::string header;  ///< Without its quotes or brackets.
};

std::vector<inclusion> inclusions(std::string_view source);

/// Whether C++20's standard library has this header ("vector", "cstdio"). The C library's own
/// names ("stdio.h") are not among them.
bool is_standard_header(std::string_view header);

/// Where `word` stands as a whole identifier in `text`, from `from` on; npos if nowhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

}  // namespace interleave
