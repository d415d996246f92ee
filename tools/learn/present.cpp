#include "learn/present.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

#include "terminal/fit.hpp"

namespace interleave {
namespace {

/// 12345 as "12,345".
std::string grouped(long number) {
    std::string digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
}

std::string_view why_undecided(const verdict& record) {
    const auto undecided = [&record](stage which) {
        const stage_result* result = record.find(which);
        return result != nullptr && result->result == outcome::inconclusive;
    };
    if (undecided(stage::interleavings)) {
        return "only its interleavings cannot be tried, because of the call that is named above.";
    }
    if (undecided(stage::race)) return "the stage that sees its races was not asked.";
    return "the rest cannot be shown on this machine now, for the reason above.";
}

}  // namespace

std::string presenter::coloured(outcome result, std::string_view text) const {
    switch (result) {
        case outcome::passed:
            return style_.good(text);
        case outcome::failed:
        case outcome::tampered:
            return style_.bad(text);
        case outcome::skipped:
            return style_.faint(text);
        case outcome::inconclusive:
        case outcome::infrastructure:
            return style_.unsure(text);
    }
    return std::string(text);
}

std::string presenter::path(const std::filesystem::path& file) const {
    const auto inside = file.lexically_proximate(root_);
    return inside.empty() || *inside.begin() == ".." ? file.string() : inside.string();
}

std::string presenter::path(const place& where) const {
    return where.line > 0 ? fmt::format("{}:{}", path(where.file), where.line) : path(where.file);
}

std::string presenter::title(const lesson& what) const {
    return fmt::format("{}  {}", style_.strong(what.id), what.title);
}

std::string presenter::stage_line(const stage_result& result) const {
    // A passed stage says why only when there is more to say than that.
    std::string text = fmt::format(
        "  {:<13} {} {:>6.1f} s", name(result.which),
        coloured(result.result, fmt::format("{:<14}", name(result.result))), result.seconds);
    if (result.result != outcome::passed || !result.evidence.empty() || result.sampled) {
        text += "  " + result.summary;
    }
    for (const auto& number : result.measurements) {
        const bool a_word = number.unit.size() > 1;  // "of 3", not "x"
        const bool a_count = number.value >= 1000 && std::floor(number.value) == number.value;
        const std::string value = a_count ? grouped(static_cast<long>(number.value))
                                          : fmt::format("{:.3g}", number.value);
        text += style_.faint(
            fmt::format("  {} {}{}{}", number.name, value, a_word ? " " : "", number.unit));
    }
    return text;
}

std::string presenter::explanation(const verdict& record, int rows) const {
    const stage_result* decisive = record.decisive();
    if (decisive == nullptr) {
        for (const auto& each : record.stages) {
            if (each.result != outcome::passed && each.result != outcome::skipped) decisive = &each;
        }
    }
    if (decisive == nullptr || decisive->evidence.empty()) return {};
    std::vector<std::string> lines;
    std::istringstream evidence(fitted_evidence(*decisive, rows));
    for (std::string line; std::getline(evidence, line);) {
        std::istringstream parts(fitted("  " + line));
        if (line.empty()) lines.emplace_back();
        for (std::string part; std::getline(parts, part) && !line.empty();) lines.push_back(part);
    }
    const auto most = static_cast<std::size_t>(std::max(rows, 4));
    std::string text;
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) text += lines[i] + "\n";
    if (lines.size() > most) {
        text += style_.faint("  ... (tools/interleave check --json has all of it)") + "\n";
    }
    return text;
}

std::string presenter::fitted_evidence(const stage_result& result, int rows) const {
    if (!result.told) return result.evidence;
    const std::string usual = table(*result.told);
    const auto at = result.evidence.find(usual);
    if (at == std::string::npos) return result.evidence;
    const std::string before = result.evidence.substr(0, at);
    const std::string after = result.evidence.substr(at + usual.size());
    constexpr int paper = 100;
    const int columns = style_.terminal() ? style_.columns() - 2 : paper;
    int around = 0;
    std::istringstream others(before + after);
    for (std::string line; std::getline(others, line);) {
        around += 1 + (style_.terminal() ? columns_of(line) / std::max(columns, 1) : 0);
    }
    return before + table(*result.told, columns, rows - around) + after;
}

std::string presenter::fitted(const std::string& line) const {
    if (!style_.terminal() || columns_of(line) <= style_.columns()) return line;
    const std::string indent(std::min<std::size_t>(line.find_first_not_of(' '), 12), ' ');
    return indent + wrap(line, style_.columns() - static_cast<int>(indent.size()), indent + "  ");
}

std::string presenter::closing(const lesson& what, const verdict& record) const {
    const std::string points = fmt::format("{} of {} points", record.points(), record.max_points());
    switch (record.result()) {
        case outcome::passed: {
            const bool all =
                std::all_of(what.points.begin(), what.points.end(),
                            [&](const auto& each) { return record.find(each.first) != nullptr; });
            return fmt::format("{} {}, {}.", style_.good(all ? "Right:" : "Right so far:"),
                               all ? "every stage held" : "the stages that were run held", points);
        }
        case outcome::failed: {
            const stage_result* decisive = record.decisive();
            const std::string where = decisive != nullptr && decisive->where
                                          ? path(*decisive->where)
                                          : path(record.answer);
            return fmt::format("{} {}. {} -> {}", style_.bad("Not yet:"), name(record.why()),
                               points, style_.strong(where));
        }
        case outcome::inconclusive: {
            return fmt::format("{} {}. Nothing is wrong with the answer as far as can be seen; {}",
                               style_.unsure("Undecided:"), points, why_undecided(record));
        }
        default:
            return fmt::format(
                "{} {}. The fault is this machine's, not the answer's: see `tools/interleave "
                "doctor`.",
                style_.unsure("No verdict:"), points);
    }
    return what.id;
}

}  // namespace interleave
