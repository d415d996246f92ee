// The rules for a lesson's texts: README.md and hints.md.

#include <fmt/format.h>

#include <algorithm>

#include "course/edits.hpp"
#include "course/files.hpp"
#include "course/lint_rules.hpp"

namespace interleave::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_readme = 60;

struct heading {
    std::string text;  ///< With its # signs.
    int line;
};

bool is_fence(std::string_view line) {
    return trimmed(line).starts_with("```");
}

std::vector<heading> headings_of(const std::vector<std::string>& lines) {
    std::vector<heading> found;
    bool fenced = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (is_fence(lines[i])) fenced = !fenced;
        const std::size_t level = lines[i].find_first_not_of('#');
        const bool heads = level != std::string::npos && level > 0 && lines[i][level] == ' ';
        if (!fenced && heads) {
            found.push_back({std::string(trimmed(lines[i])), static_cast<int>(i) + 1});
        }
    }
    return found;
}

}  // namespace

void check_readme(const lesson& of, report& to) {
    const fs::path file = of.folder / "README.md";
    const auto text = to.read(file, "the lesson's page");
    if (!text) return;
    const std::vector<std::string> lines = split_lines(*text);
    if (lines.size() > longest_readme) {
        to.error(
            file, static_cast<int>(longest_readme) + 1,
            fmt::format("the page has {} lines, and may have {}.", lines.size(), longest_readme));
    }
    const std::vector<std::string> expected{"# " + of.title,   "## The idea",        "## Predict",
                                            "## Run it",       "## What goes wrong", "## In Python",
                                            "## Out of scope", "## Further reading"};
    const std::vector<heading> found = headings_of(lines);
    for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
        if (i >= found.size()) {
            return to.error(file, static_cast<int>(lines.size()),
                            fmt::format("the heading `{}` is missing.", expected[i]));
        }
        if (i >= expected.size()) {
            return to.error(file, found[i].line,
                            fmt::format("`{}` is a heading too many.", found[i].text));
        }
        if (found[i].text != expected[i]) {
            return to.error(file, found[i].line,
                            fmt::format("the heading `{}` is expected here, not `{}`.", expected[i],
                                        found[i].text));
        }
    }
}

void check_hints(const lesson& of, report& to) {
    const fs::path file = of.folder / "hints.md";
    const auto text = to.read(file, "the ladder of hints");
    if (!text) return;
    const std::vector<hint> rungs = parse_hints(*text);
    if (rungs.size() != 3) {
        return to.error(
            file, 1, fmt::format("hints need exactly three `## ` headings, not {}.", rungs.size()));
    }
    for (const hint& rung : rungs) {
        if (rung.text.empty()) to.error(file, rung.line, "this rung has no text.");
    }
    const std::vector<std::string> lines = split_lines(*text);
    for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(rungs.back().line); ++i) {
        if (is_fence(lines[i])) {
            return to.error(file, static_cast<int>(i) + 1, "only the last rung may show code.");
        }
    }
}

}  // namespace interleave::rules
