#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interleave::sanitizer {

/// The text without anything that could move a terminal's cursor or hide letters: no control
/// characters, no escape sequences, no bidirectional overrides. A tab becomes a space, a byte that
/// is not UTF-8 becomes "?". At most `limit` bytes of `text` are looked at.
std::string printable(std::string_view text, std::size_t limit = 8192);

/// Reads a line from left to right. Every function leaves the position alone when it fails.
class text_cursor {
  public:
    explicit text_cursor(std::string_view text) : rest_(text) {}

    std::string_view rest() const { return rest_; }
    bool at_end() const { return rest_.empty(); }

    bool skip(std::string_view literal);
    /// Skips what lies before `literal`, and `literal` itself.
    bool skip_past(std::string_view literal);
    /// The text before `literal`, which is skipped too.
    std::optional<std::string_view> until(std::string_view literal);
    /// A decimal number; none when it does not fit.
    std::optional<std::uint64_t> number();
    /// A number written as 0x1234.
    std::optional<std::uint64_t> hexadecimal();
    /// Letters, digits and underscores.
    std::string_view word();

  private:
    std::optional<std::uint64_t> digits(int base);

    std::string_view rest_;
};

/// Breaks `text` at spaces so that lines have at most `width` bytes where words allow it, and
/// begin with `indent` spaces each. A width of 0 breaks nothing. Ends with a newline.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace interleave::sanitizer
