#include "runner/diagnostics.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "verdict/source_line.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t excerpt_lines = 12;

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

/// "path:12:5: error: message", the form that clang and gcc share.
struct located {
    std::string_view file;
    int line = 0;
    int column = 0;
    std::string_view severity;
    std::string_view message;
};

bool read_number(std::string_view& text, int& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data() + text.size() || *end != ':') return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return true;
}

std::optional<located> parse(std::string_view line) {
    // A path may hold colons: the first colon that a line number and a column follow counts.
    for (auto colon = line.find(':'); colon != std::string_view::npos;
         colon = line.find(':', colon + 1)) {
        located found{.file = line.substr(0, colon), .severity = {}, .message = {}};
        std::string_view rest = line.substr(colon + 1);
        if (!read_number(rest, found.line) || !read_number(rest, found.column)) continue;
        if (!rest.starts_with(' ')) continue;
        rest.remove_prefix(1);
        for (const std::string_view severity : {"fatal error", "error", "warning", "note"}) {
            if (rest.starts_with(severity) && rest.substr(severity.size()).starts_with(": ")) {
                found.severity = severity;
                found.message = rest.substr(severity.size() + 2);
                return found;
            }
        }
        // gcc: "answer.hpp:12:5:   required from here"
        found.message = rest;
        return found;
    }
    return std::nullopt;
}

bool is_error(const located& diagnostic) {
    return diagnostic.severity.ends_with("error");
}

bool same_file(std::string_view name, const fs::path& file) {
    return fs::path(name).lexically_normal() == file.lexically_normal();
}

place place_of(const located& diagnostic) {
    place where{.file = fs::path(diagnostic.file).lexically_normal(),
                .line = diagnostic.line,
                .column = diagnostic.column,
                .text = {}};
    where.text = source_line(where.file, where.line);
    return where;
}

diagnosis first(std::string_view output, const fs::path& answer, bool errors) {
    diagnosis result;
    const auto lines = split_lines(output);
    std::size_t start = lines.size();
    std::optional<located> chosen;
    std::optional<place> before;  // gcc names the way into a template before the error
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto diagnostic = parse(lines[i]);
        if (!diagnostic) continue;
        result.errors += is_error(*diagnostic);
        result.warnings += diagnostic->severity == "warning";
        if (chosen) continue;
        if (errors ? is_error(*diagnostic) : diagnostic->severity == "warning") {
            chosen = diagnostic;
            start = i;
        } else if (!diagnostic->severity.empty()) {
            before.reset();  // the way led to this one, which is not ours
        } else if (same_file(diagnostic->file, answer)) {
            before = place_of(*diagnostic);
        }
    }
    if (!chosen) return result;

    result.message = chosen->message;
    result.where = place_of(*chosen);
    if (!same_file(chosen->file, answer)) {
        std::optional<place> after;
        for (std::size_t i = start + 1; i < lines.size() && !after; ++i) {
            const auto diagnostic = parse(lines[i]);
            if (!diagnostic) continue;
            if (is_error(*diagnostic) || diagnostic->severity == "warning") break;
            if (same_file(diagnostic->file, answer)) after = place_of(*diagnostic);
        }
        if (after) {
            result.where = after;
        } else if (before) {
            result.where = before;
        }
    }
    std::size_t shown = 0;
    for (std::size_t i = start; i < lines.size() && shown < excerpt_lines; ++i, ++shown) {
        if (i != start) {
            const auto diagnostic = parse(lines[i]);
            if (diagnostic && diagnostic->severity != "note") break;
        }
        result.excerpt += lines[i];
        result.excerpt += '\n';
    }
    return result;
}

/// "PATH:LINE" with nothing behind it.
std::optional<place> parse_place(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    place where{.file = fs::path(text.substr(0, colon)).lexically_normal(), .text = {}};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), where.line);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    where.text = source_line(where.file, where.line);
    return where;
}

/// A linker's complaint has no column: "PATH:LINE: undefined reference to ..." where it knows the
/// line, or, with lld, ">>> referenced by FILE:LINE (PATH:LINE)" below it.
diagnosis first_linker_error(std::string_view output) {
    constexpr std::string_view signs[] = {"undefined reference to", "multiple definition of",
                                          "error: "};
    diagnosis result;
    for (const auto line : split_lines(output)) {
        if (!result.message.empty()) {
            if (!line.starts_with(">>>")) break;
            result.excerpt += std::string(line) + '\n';
            const auto open = line.rfind('(');
            if (!result.where && open != std::string_view::npos && line.ends_with(')')) {
                result.where = parse_place(line.substr(open + 1, line.size() - open - 2));
            }
            continue;
        }
        for (const auto sign : signs) {
            const auto at = line.find(sign);
            if (at == std::string_view::npos) continue;
            result.message = line.substr(sign == "error: " ? at + sign.size() : at);
            if (at > 2) result.where = parse_place(line.substr(0, at - 2));
            result.excerpt = std::string(line) + '\n';
            result.errors = 1;
            break;
        }
    }
    return result;
}

}  // namespace

diagnosis first_error(std::string_view output, const fs::path& answer) {
    diagnosis result = first(output, answer, true);
    return result.message.empty() ? first_linker_error(output) : result;
}

diagnosis first_warning(std::string_view output, const fs::path& answer) {
    return first(output, answer, false);
}

bool precompiled_header_is_stale(std::string_view compiler_output) {
    // Without a place in a source file: an answer can write such words only into one of its lines.
    static constexpr std::string_view starts[] = {"fatal error: ", "error: "};
    while (!compiler_output.empty()) {
        const std::string_view line = compiler_output.substr(0, compiler_output.find('\n'));
        compiler_output.remove_prefix(std::min(line.size() + 1, compiler_output.size()));
        const bool bare = std::any_of(std::begin(starts), std::end(starts),
                                      [&](std::string_view s) { return line.starts_with(s); });
        if (bare && (line.find("precompiled header") != std::string_view::npos ||
                     line.find("PCH file") != std::string_view::npos)) {
            return true;
        }
    }
    return false;
}

}  // namespace interleave
