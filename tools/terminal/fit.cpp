#include "terminal/fit.hpp"

#include <algorithm>
#include <sstream>

namespace interleave {
namespace {

constexpr int tab_width = 4;
constexpr std::string_view mark = "...";
constexpr int least_with_mark = 8;

/// The bytes of the escape sequence or of the UTF-8 character at the start of `text`.
struct piece {
    std::size_t bytes = 1;
    bool visible = true;
};

piece first_piece(std::string_view text) {
    if (text.front() == '\x1b') {
        const auto end = text.find('m');
        return {end == std::string_view::npos ? text.size() : end + 1, false};
    }
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) ++bytes;
    return {bytes, true};
}

int width_of(char first, int at) {
    return first == '\t' ? tab_width - at % tab_width : 1;
}

bool is_wider(std::string_view line, int columns) {
    int width = 0;
    while (!line.empty() && width <= columns) {
        const piece next = first_piece(line);
        if (next.visible) width += width_of(line.front(), width);
        line.remove_prefix(next.bytes);
    }
    return width > columns;
}

}  // namespace

int columns_of(std::string_view line) {
    int columns = 0;
    while (!line.empty()) {
        const piece next = first_piece(line);
        columns += next.visible ? 1 : 0;
        line.remove_prefix(next.bytes);
    }
    return columns;
}

std::string fit(std::string_view line, int columns) {
    bool to_mark = columns >= least_with_mark && is_wider(line, columns);
    const int room = to_mark ? columns - static_cast<int>(mark.size()) : columns;
    std::string out;
    int width = 0;
    while (!line.empty()) {
        const piece next = first_piece(line);
        const int wanted = width_of(line.front(), width);
        const int taken = std::max(0, std::min(wanted, room - width));
        if (next.visible && line.front() == '\t') {
            out.append(static_cast<std::size_t>(taken), ' ');
        } else if (!next.visible || taken > 0) {
            out += line.substr(0, next.bytes);
        }
        if (next.visible) {
            width += taken;
            if (to_mark && taken < wanted) {
                out += mark;
                to_mark = false;
            }
        }
        line.remove_prefix(next.bytes);
    }
    return out;
}

std::string wrap(std::string_view text, int columns, const std::string& indent) {
    std::istringstream words{std::string(text)};
    std::string out;
    std::string line;
    bool begun = false;  // the line has a word
    for (std::string word; words >> word;) {
        if (begun && columns_of(line) + 1 + columns_of(word) > columns) {
            out += line + '\n';
            line = indent;
            begun = false;
        }
        line += (begun ? " " : "") + word;
        begun = true;
    }
    return out + line;
}

}  // namespace interleave
