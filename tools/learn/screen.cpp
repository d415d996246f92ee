#include "learn/screen.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "terminal/fit.hpp"

namespace interleave {

void screen::add(std::vector<std::string>& part, const std::string& text) const {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) part.push_back(fit(line, style_.columns()));
    if (text.empty()) part.emplace_back();
}

std::vector<std::string> screen::lines() const {
    const std::size_t rows = static_cast<std::size_t>(std::max(style_.rows(), 1));
    // In a window too small for all of it, the end of the top goes first, then the bottom's start.
    const std::size_t bottom = std::min(bottom_.size(), rows);
    const std::size_t top = std::min(top_.size(), rows - bottom);
    const std::size_t room = rows - bottom - top;
    std::vector<std::string> all(top_.begin(), top_.begin() + static_cast<std::ptrdiff_t>(top));
    for (std::size_t i = 0; i < room; ++i) {
        const bool more = i + 1 == room && middle_.size() > room;
        all.push_back(more ? style_.faint("  ...") : i < middle_.size() ? middle_[i] : "");
    }
    all.insert(all.end(), bottom_.end() - static_cast<std::ptrdiff_t>(bottom), bottom_.end());
    return all;
}

std::string screen::paint() const {
    // A character may be wider than it is counted here: no line goes on in the next one. A line is
    // erased before it is written, because behind a full one the last character would go too.
    std::string out = "\x1b[?7l\x1b[H";
    bool first = true;
    for (const auto& line : lines()) {
        if (!std::exchange(first, false)) out += "\r\n";
        out += "\x1b[2K" + line;
    }
    return out + "\x1b[?7h";
}

}  // namespace interleave
