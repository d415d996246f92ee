#include "course/source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "course/files.hpp"

namespace interleave {
namespace {

// clang-format off
constexpr auto standard_headers = std::to_array<std::string_view>({
    "algorithm", "any", "array", "atomic", "barrier", "bit", "bitset", "cassert", "cctype",
    "cerrno", "cfenv", "cfloat", "charconv", "chrono", "cinttypes", "climits", "clocale", "cmath",
    "codecvt", "compare", "complex", "concepts", "condition_variable", "coroutine", "csetjmp",
    "csignal", "cstdarg", "cstddef", "cstdint", "cstdio", "cstdlib", "cstring", "ctime", "cuchar",
    "cwchar", "cwctype", "deque", "exception", "execution", "filesystem", "format",
    "forward_list", "fstream", "functional", "future", "initializer_list", "iomanip", "ios",
    "iosfwd", "iostream", "istream", "iterator", "latch", "limits", "list", "locale", "map",
    "memory", "memory_resource", "mutex", "new", "numbers", "numeric", "optional", "ostream",
    "queue", "random", "ranges", "ratio", "regex", "scoped_allocator", "semaphore", "set",
    "shared_mutex", "source_location", "span", "sstream", "stack", "stdexcept", "stop_token",
    "streambuf", "string", "string_view", "strstream", "syncstream", "system_error", "thread",
    "tuple", "type_traits", "typeindex", "typeinfo", "unordered_map", "unordered_set", "utility",
    "valarray", "variant", "vector", "version"});
// clang-format on
static_assert(std::is_sorted(standard_headers.begin(), standard_headers.end()),
              "the headers are searched by halves");

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// One pass over a source, which copies it and blanks what is not wanted.
class blanker {
  public:
    blanker(std::string_view source, bool keep_texts) : text_(source), keep_texts_(keep_texts) {}

    std::string run() {
        while (at_ < text_.size()) {
            if (starts_with("//")) {
                line_comment();
            } else if (starts_with("/*")) {
                to(after("*/", at_ + 2), false);
            } else if (text_[at_] == '"' && at_ > 0 && text_[at_ - 1] == 'R') {
                raw_text();
            } else if (text_[at_] == '"' || (text_[at_] == '\'' && !is_digit_separator())) {
                quoted();
            } else {
                ++at_;
            }
        }
        return text_;
    }

  private:
    bool starts_with(std::string_view what) const {
        return text_.compare(at_, what.size(), what) == 0;
    }

    bool is_digit_separator() const {
        return at_ > 0 && at_ + 1 < text_.size() && is_word(text_[at_ - 1]) &&
               std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0 &&
               is_word(text_[at_ + 1]);
    }

    std::size_t after(std::string_view what, std::size_t from) const {
        const std::size_t found = text_.find(what, from);
        return found == std::string::npos ? text_.size() : found + what.size();
    }

    /// Goes on to `end`; what is passed over becomes spaces unless it is kept.
    void to(std::size_t end, bool keep) {
        for (; at_ < end; ++at_) {
            if (!keep && text_[at_] != '\n') text_[at_] = ' ';
        }
    }

    void line_comment() {
        std::size_t end = text_.find('\n', at_);
        // A backslash at the end of the line continues the comment.
        while (end != std::string::npos && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
        to(std::min(end, text_.size()), false);
    }

    void raw_text() {
        const std::size_t open = text_.find('(', at_);
        if (open == std::string::npos) return to(text_.size(), keep_texts_);
        const std::string close = ")" + text_.substr(at_ + 1, open - at_ - 1) + "\"";
        to(after(close, open), keep_texts_);
    }

    void quoted() {
        const char quote = text_[at_];
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
            end += text_[end] == '\\' ? 2 : 1;
        }
        ++at_;
        to(std::min(end, text_.size()), keep_texts_);
        if (at_ < text_.size() && text_[at_] == quote) ++at_;
    }

    std::string text_;
    bool keep_texts_;
    std::size_t at_ = 0;
};

}  // namespace

std::string code_only(std::string_view source) {
    return blanker(source, false).run();
}

std::string without_comments(std::string_view source) {
    return blanker(source, true).run();
}

std::vector<inclusion> inclusions(std::string_view source) {
    std::vector<inclusion> found;
    int number = 0;
    for (const std::string& line : split_lines(without_comments(source))) {
        ++number;
        std::string_view rest = trimmed(line);
        if (!rest.starts_with('#')) continue;
        rest = trimmed(rest.substr(1));
        if (!rest.starts_with("include")) continue;
        rest = trimmed(rest.substr(std::string_view("include").size()));
        if (rest.size() > 2) rest = rest.substr(1, rest.size() - 2);
        found.push_back({number, std::string(rest)});
    }
    return found;
}

bool is_standard_header(std::string_view header) {
    return std::binary_search(standard_headers.begin(), standard_headers.end(), header);
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
    for (std::size_t at = text.find(word, from); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !is_word(text[at - 1]);
        const std::size_t end = at + word.size();
        if (begins && (end == text.size() || !is_word(text[end]))) return at;
    }
    return std::string_view::npos;
}

}  // namespace interleave
