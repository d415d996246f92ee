#include "learn/screen.hpp"

#include <algorithm>
#include <sstream>

namespace interleave {

std::string fit(const std::string& line, int columns) {
    std::string out;
    int width = 0;
    bool cut = false;
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] == '\x1b') {
            const auto end = line.find('m', i);
            if (end == std::string::npos) break;
            out += line.substr(i, end + 1 - i);
            i = end + 1;
            continue;
        }
        std::size_t size = 1;  // of one UTF-8 character
        while (i + size < line.size() && (static_cast<unsigned char>(line[i + size]) & 0xc0) == 0x80) {
            ++size;
        }
        if (!cut && width < columns) {
            out += line.substr(i, size);
            ++width;
        } else {
            cut = true;
        }
        i += size;
    }
    return out;
}

std::string wrap(const std::string& text, int columns, const std::string& indent) {
    std::istringstream words(text);
    std::string out;
    std::string line;
    for (std::string word; words >> word;) {
        const auto room = static_cast<std::size_t>(std::max(columns, 20));
        if (!line.empty() && line.size() + 1 + word.size() > room) {
            out += line + '\n';
            line = indent + word;
        } else {
            line += (line.empty() || line == indent ? "" : " ") + word;
        }
    }
    return out + line;
}

void screen::add(std::vector<std::string>& part, const std::string& text) const {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) part.push_back(fit(line, style_.columns()));
    if (text.empty()) part.emplace_back();
}

std::string screen::paint() const {
    const std::size_t rows = static_cast<std::size_t>(std::max(style_.rows(), 8));
    const std::size_t fixed = top_.size() + bottom_.size();
    const std::size_t room = rows > fixed ? rows - fixed : 0;
    std::string out = "\x1b[H";
    const auto line = [&](const std::string& text) { out += text + "\x1b[K\r\n"; };
    for (const auto& each : top_) line(each);
    for (std::size_t i = 0; i < std::min(room, middle_.size()); ++i) {
        const bool last_shown = i + 1 == room && middle_.size() > room;
        line(last_shown ? style_.faint("  ...") : middle_[i]);
    }
    for (std::size_t i = middle_.size(); i < room; ++i) line("");
    for (std::size_t i = 0; i < bottom_.size(); ++i) {
        out += bottom_[i] + "\x1b[K";
        if (i + 1 < bottom_.size()) out += "\r\n";
    }
    return out + "\x1b[J";
}

}  // namespace interleave
