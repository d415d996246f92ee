#include "text.hpp"

#include <charconv>

namespace interleave::sanitizer {
namespace {

constexpr char escape = '\x1b';

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The length of the escape sequence at the front of `text`, which begins with ESC.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) return 1;
    if (text[1] == '[') {
        std::size_t i = 2;
        while (i < text.size() && text[i] >= 0x20 && text[i] < 0x40) ++i;
        return i < text.size() ? i + 1 : i;
    }
    // An operating system command (a window title, a hyperlink) ends with BEL or ESC backslash.
    if (text[1] == ']' || text[1] == 'P' || text[1] == '_' || text[1] == '^') {
        for (std::size_t i = 2; i < text.size(); ++i) {
            if (text[i] == '\a') return i + 1;
            if (text[i] == escape) return i + 1 < text.size() && text[i + 1] == '\\' ? i + 2 : i;
        }
        return text.size();
    }
    return 2;
}

/// The length of the UTF-8 sequence at the front of `text`, 0 when it is not valid.
std::size_t utf8_length(std::string_view text, char32_t& code) {
    const auto lead = static_cast<unsigned char>(text[0]);
    std::size_t length = 0;
    if (lead >= 0xC2 && lead < 0xE0) length = 2;
    if (lead >= 0xE0 && lead < 0xF0) length = 3;
    if (lead >= 0xF0 && lead < 0xF5) length = 4;
    if (length == 0 || text.size() < length) return 0;
    code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80U) return 0;
        code = (code << 6U) | (next & 0x3FU);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    return code < smallest[length] || code > 0x10FFFF || surrogate ? 0 : length;
}

bool is_invisible(char32_t code) {
    return code < 0xA0 || code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF || (code >= 0xE0000 && code <= 0xE0FFF);
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    text = text.substr(0, limit);
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (text[i] == escape) {
            i += escape_length(text.substr(i));
        } else if (byte < 0x80) {
            if (text[i] == '\t') clean += ' ';
            if (byte >= 0x20 && byte != 0x7F) clean += text[i];
            ++i;
        } else {
            char32_t code = 0;
            const std::size_t length = utf8_length(text.substr(i), code);
            if (length == 0) clean += '?';
            if (length != 0 && !is_invisible(code)) clean += text.substr(i, length);
            i += length == 0 ? 1 : length;
        }
    }
    return clean;
}

bool text_cursor::skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
}

bool text_cursor::skip_past(std::string_view literal) {
    return until(literal).has_value();
}

std::optional<std::string_view> text_cursor::until(std::string_view literal) {
    const std::size_t found = rest_.find(literal);
    if (found == std::string_view::npos) return std::nullopt;
    const std::string_view before = rest_.substr(0, found);
    rest_.remove_prefix(found + literal.size());
    return before;
}

std::optional<std::uint64_t> text_cursor::digits(int base) {
    std::uint64_t value = 0;
    const char* begin = rest_.data();
    const auto [end, error] = std::from_chars(begin, begin + rest_.size(), value, base);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - begin));
    return value;
}

std::optional<std::uint64_t> text_cursor::number() {
    return digits(10);
}

std::optional<std::uint64_t> text_cursor::hexadecimal() {
    const std::string_view before = rest_;
    if (skip("0x")) {
        if (const auto value = digits(16)) return value;
    }
    rest_ = before;
    return std::nullopt;
}

std::string_view text_cursor::word() {
    std::size_t length = 0;
    while (length < rest_.size() && is_word(rest_[length])) ++length;
    const std::string_view found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string result(indent, ' ');
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        if (column > indent && width != 0 && column + 1 + word.size() > width) {
            result += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    }
    return result + '\n';
}

}  // namespace interleave::sanitizer
