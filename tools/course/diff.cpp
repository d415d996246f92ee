#include "course/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace interleave {
namespace {

/// Beyond this many cells, what lies between the equal ends is shown as replaced as a whole.
constexpr std::size_t largest_table = 16'000'000;

constexpr std::size_t context = 3;

struct step {
    char mark;  ///< ' ' in both, '-' only before, '+' only after.
    std::string_view line;
};

/// Lines with their line ends, so that a missing last one is a difference.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

/// The shortest way from one list of lines to the other, by their longest common subsequence.
std::vector<step> compare(std::vector<std::string_view> left, std::vector<std::string_view> right) {
    std::size_t head = 0;
    while (head < left.size() && head < right.size() && left[head] == right[head]) ++head;
    std::size_t tail = 0;
    while (tail < left.size() - head && tail < right.size() - head &&
           left[left.size() - 1 - tail] == right[right.size() - 1 - tail]) {
        ++tail;
    }
    const std::size_t rows = left.size() - head - tail;
    const std::size_t columns = right.size() - head - tail;
    const bool fits = columns == 0 || rows <= largest_table / columns;

    // common[i][j]: the length of the longest subsequence that the middles have from i and j on.
    const std::size_t width = columns + 1;
    std::vector<std::uint32_t> common(fits ? (rows + 1) * width : 0);
    for (std::size_t i = fits ? rows : 0; i-- > 0;) {
        for (std::size_t j = columns; j-- > 0;) {
            common[i * width + j] =
                left[head + i] == right[head + j]
                    ? common[(i + 1) * width + j + 1] + 1
                    : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
        }
    }

    std::vector<step> steps;
    for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', left[i]});
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < rows || j < columns) {
        if (fits && i < rows && j < columns && left[head + i] == right[head + j]) {
            steps.push_back({' ', left[head + i++]});
            ++j;
        } else if (i < rows && (j == columns || !fits ||
                                common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            steps.push_back({'-', left[head + i++]});
        } else {
            steps.push_back({'+', right[head + j++]});
        }
    }
    for (std::size_t k = left.size() - tail; k < left.size(); ++k) steps.push_back({' ', left[k]});
    return steps;
}

/// "12,7" of a hunk's head; an empty side is named by the line before it.
std::string range(std::size_t first, std::size_t count) {
    if (count == 1) return std::to_string(first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name) {
    const std::vector<step> steps = compare(lines_of(before), lines_of(after));
    const auto is_change = [](const step& each) { return each.mark != ' '; };

    std::string text;
    std::size_t left = 0;   // lines of `before` that lie before `at`
    std::size_t right = 0;  // lines of `after` that lie before `at`
    std::size_t at = 0;
    const auto advance = [&](std::size_t to) {
        for (; at < to; ++at) {
            left += steps[at].mark != '+';
            right += steps[at].mark != '-';
        }
    };
    for (;;) {
        const auto change =
            std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(at), steps.end(), is_change);
        if (change == steps.end()) break;
        const auto first = static_cast<std::size_t>(change - steps.begin());
        // Changes that are no further apart than their contexts share a hunk.
        std::size_t last = first;
        for (std::size_t i = first; i < steps.size() && i <= last + 2 * context + 1; ++i) {
            if (is_change(steps[i])) last = i;
        }
        advance(std::max(at, first - std::min(first, context)));
        const std::size_t begin = at;
        const std::size_t left_begin = left;
        const std::size_t right_begin = right;
        advance(std::min(steps.size(), last + context + 1));

        if (text.empty()) text = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
        text += fmt::format("@@ -{} +{} @@\n", range(left_begin, left - left_begin),
                            range(right_begin, right - right_begin));
        for (std::size_t i = begin; i < at; ++i) {
            text += steps[i].mark;
            text += steps[i].line;
            if (!steps[i].line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
        }
    }
    return text;
}

std::size_t changed_lines(std::string_view before, std::string_view after) {
    const std::vector<step> steps = compare(lines_of(before), lines_of(after));
    return static_cast<std::size_t>(std::count_if(
        steps.begin(), steps.end(), [](const step& each) { return each.mark != ' '; }));
}

}  // namespace interleave
