#include "frame_parser.hpp"

#include <filesystem>
#include <limits>

#include "text.hpp"

namespace interleave::sanitizer {
namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// Cuts a last " (...)" off `text` and returns its inside.
std::string_view take_parenthesis(std::string_view& text) {
    if (!text.ends_with(')')) return {};
    std::size_t open = text.rfind(" (");
    if (open == std::string_view::npos && text.starts_with('(')) open = 0;
    if (open == std::string_view::npos) return {};
    std::string_view inside = text.substr(open);
    inside.remove_prefix(inside.find('(') + 1);
    inside.remove_suffix(1);
    text = trimmed(text.substr(0, open));
    return inside;
}

/// Cuts "(module+0x1234) (BuildId: ...)" off the end of `text`.
void take_module(std::string_view& text, source_frame& frame) {
    std::string_view shorter = text;
    std::string_view inside = take_parenthesis(shorter);
    if (inside.starts_with("BuildId")) inside = take_parenthesis(shorter);
    const std::size_t plus = inside.rfind("+0x");
    if (plus == std::string_view::npos) return;
    frame.module = inside.substr(0, plus);
    if (const auto offset = text_cursor(inside.substr(plus + 1)).hexadecimal()) {
        if (frame.address == 0) frame.address = *offset;
    }
    text = shorter;
}

/// Cuts ":12" off the end of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
    text_cursor cursor(text.substr(colon + 1));
    const auto value = cursor.number();
    if (!value || !cursor.at_end() || *value > std::numeric_limits<unsigned>::max()) {
        return std::nullopt;
    }
    text = text.substr(0, colon);
    return static_cast<unsigned>(*value);
}

/// Where the file begins in "function file". A file may contain spaces when its path is absolute;
/// a function may contain " /" only between parentheses.
std::size_t file_position(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == '(') ++depth;
        if (text[i] == ')') --depth;
        if (depth <= 0 && text[i] == ' ' && text[i + 1] == '/') return i + 1;
    }
    const std::size_t space = text.rfind(' ');
    return space == std::string_view::npos ? 0 : space + 1;
}

void take_file(std::string_view& text, source_frame& frame) {
    const std::size_t begin = file_position(text);
    std::string_view file = text.substr(begin);
    if (file == "<null>") {
        text = trimmed(text.substr(0, begin));
        return;
    }
    const auto last = take_number(file);
    if (!last) return;
    const auto first = take_number(file);
    frame.line = first ? *first : *last;
    frame.column = first ? *last : 0;
    frame.file = std::filesystem::path(file).lexically_normal().string();
    text = trimmed(text.substr(0, begin));
}

}  // namespace

std::optional<source_frame> parse_frame(std::string_view line) {
    text_cursor cursor(trimmed(line));
    if (!cursor.skip("#") || !cursor.number() || !cursor.skip(" ")) return std::nullopt;
    source_frame frame;
    std::string_view text = cursor.rest();
    if (const auto address = cursor.hexadecimal()) {
        frame.address = *address;
        cursor.skip(" in");
        text = trimmed(cursor.rest());
    }
    take_module(text, frame);
    take_file(text, frame);
    if (text != "<null>") frame.function = text;
    return frame;
}

}  // namespace interleave::sanitizer
