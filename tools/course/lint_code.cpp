// The rules for a lesson's code: starter, solution, shipped answers and check.cpp.

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "course/diff.hpp"
#include "course/files.hpp"
#include "course/lint_rules.hpp"
#include "course/source_text.hpp"

namespace interleave::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_solution = 120;
constexpr std::size_t fewest_wrong = 8;
constexpr std::size_t fewest_right = 4;
constexpr std::size_t most_changed_lines = 25;

int line_of(std::string_view text, std::size_t at) {
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

/// One header: the file, its text, and its text without comments and texts.
struct source {
    fs::path file;
    std::string text;
    std::string code;
};

std::optional<source> read_source(const fs::path& file, const std::string& purpose, report& to) {
    auto text = to.read(file, purpose);
    if (!text) return std::nullopt;
    std::string code = code_only(*text);
    return source{file, std::move(*text), std::move(code)};
}

/// Tells every place where `word` stands in the code.
void forbid(const source& in, std::string_view word, const std::string& sentence, report& to) {
    for (std::size_t at = find_word(in.code, word); at != std::string::npos;
         at = find_word(in.code, word, at + 1)) {
        to.error(in.file, line_of(in.code, at), sentence);
    }
}

/// What holds for every header of a lesson, whoever is its author.
void check_header(const lesson& of, const source& in, report& to) {
    bool guarded = false;
    int number = 0;
    for (const std::string& line : split_lines(in.code)) {
        ++number;
        std::string_view rest = trimmed(line);
        if (!rest.starts_with('#')) continue;
        rest = trimmed(rest.substr(1));
        if (rest == "pragma once") {
            guarded = true;
        } else if (!rest.starts_with("include")) {
            to.error(in.file, number, "only #include and #pragma once may be used: no macros.");
        }
    }
    if (!guarded) to.error(in.file, 1, "`#pragma once` is missing.");

    for (const inclusion& each : inclusions(in.text)) {
        if (is_standard_header(each.header)) continue;
        if (std::count(of.includes.begin(), of.includes.end(), each.header) != 0) continue;
        to.error(in.file, each.line,
                 fmt::format("{} is neither a standard header nor among the includes of the "
                             "lesson.toml.",
                             each.header));
    }
}

/// Marks of unfinished work. A starter's `// TODO(learner):` are left out.
void check_marks(const source& in, bool starter, report& to) {
    const std::string wanted = "// TODO(learner): ";
    bool asked = false;
    for (const std::string_view word : {"TODO", "FIXME", "XXX"}) {
        for (std::size_t at = find_word(in.text, word); at != std::string::npos;
             at = find_word(in.text, word, at + 1)) {
            const bool learner =
                at >= 3 && std::string_view(in.text).substr(at - 3).starts_with(wanted);
            asked = asked || learner;
            if (!starter) {
                to.error(in.file, line_of(in.text, at),
                         fmt::format("{} belongs into a starter only.", word));
            } else if (!learner) {
                to.error(in.file, line_of(in.text, at),
                         fmt::format("what the learner is to do is written `{}...`.", wanted));
            }
        }
    }
    if (starter && !asked) {
        to.error(in.file, 1,
                 fmt::format("a starter needs a `{}...` where it is to be edited.", wanted));
    }
}

int first_difference(std::string_view left, std::string_view right) {
    const auto at = std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first;
    return line_of(left, static_cast<std::size_t>(at - left.begin()));
}

}  // namespace

void check_starter(const lesson& of, const lint_options& options, report& to) {
    const auto starter = read_source(of.starter, "the pristine copy of the starter", to);
    if (!starter) return;
    check_header(of, *starter, to);
    check_marks(*starter, true, to);
    forbid(*starter, "using namespace", "`using namespace` has no place in a header.", to);

    const fs::path learner = of.learner_file();
    if (const auto text = to.read(learner, "the starter"); text && *text != starter->text) {
        const int line = first_difference(*text, starter->text);
        if (options.pristine) {
            to.error(
                learner, line,
                fmt::format("this differs from its pristine copy, {}.",
                            of.starter.lexically_relative(of.folder.parent_path().parent_path())
                                .generic_string()));
        } else {
            to.note(learner, line, "this was edited since it was shipped.");
        }
    }
    std::error_code none;
    if (!fs::exists(of.solution, none)) return;
    const std::size_t changed = changed_lines(starter->text, read_file(of.solution));
    if (changed > most_changed_lines) {
        to.note(of.solution, 1,
                fmt::format("the solution changes {} lines of the starter; {} or fewer are easier "
                            "to learn from.",
                            changed, most_changed_lines));
    }
}

void check_solution(const lesson& of, report& to) {
    const auto solution = read_source(of.solution, "the solution", to);
    if (!solution) return;
    check_header(of, *solution, to);
    check_marks(*solution, false, to);
    forbid(*solution, "using namespace", "`using namespace` has no place in a header.", to);
    forbid(*solution, "detach", "a solution joins its threads.", to);
    for (const char* sleep : {"sleep_for", "sleep_until", "sleep", "usleep", "nanosleep"}) {
        forbid(*solution, sleep, "a solution waits for what it needs, and never sleeps.", to);
    }
    if (const auto lines = split_lines(solution->text).size(); lines > longest_solution) {
        to.error(
            of.solution, static_cast<int>(longest_solution) + 1,
            fmt::format("the solution has {} lines, and may have {}.", lines, longest_solution));
    }
}

void check_answers(const lesson& of, report& to) {
    const fs::path folder = of.check.parent_path() / "answers";
    for (const role whose : {role::wrong, role::right}) {
        const bool wrong = whose == role::wrong;
        const std::vector<fs::path> files = answer_files(of, whose);
        if (const std::size_t fewest = wrong ? fewest_wrong : fewest_right; files.size() < fewest) {
            const char* name = wrong ? "wrong" : "right";
            to.error(folder / name, 1,
                     fmt::format("a lesson needs {} or more {} answers, and has {}.", fewest, name,
                                 files.size()));
        }
        for (const fs::path& file : files) {
            const auto read = read_source(file, "the answer", to);
            if (!read) continue;
            try {
                read_answer(whose, file);
            } catch (const course_error& mistake) {
                const std::string place = file.string() + ":1: ";
                to.error(file, 1, std::string(mistake.what()).substr(place.size()));
            }
            check_header(of, *read, to);
            check_marks(*read, false, to);
        }
    }
}

void check_check(const lesson& of, report& to) {
    const auto check = read_source(of.check, "the check", to);
    if (!check) return;
    forbid(*check, "hardware_concurrency", "the number of threads of a check is fixed.", to);

    // A sleep needs a comment that says why, on its line or the one above.
    const std::vector<std::string> lines = split_lines(check->text);
    const std::vector<std::string> code = split_lines(check->code);
    const std::vector<std::string> uncommented = split_lines(without_comments(check->text));
    for (std::size_t i = 0; i < code.size(); ++i) {
        const bool sleeps = find_word(code[i], "sleep_for") != std::string::npos ||
                            find_word(code[i], "sleep_until") != std::string::npos;
        const auto commented = [&](std::size_t at) { return lines[at] != uncommented[at]; };
        if (sleeps && !commented(i) && !(i > 0 && commented(i - 1))) {
            to.error(of.check, static_cast<int>(i) + 1,
                     "a check does not sleep to let something happen; say why if it must.");
        }
    }

    bool included = false;
    for (const inclusion& each : inclusions(check->text)) {
        included = included || each.header == of.file;
        if (each.header.ends_with("catch_all.hpp")) {
            to.error(of.check, each.line, "include the Catch2 headers that are used, not all.");
        }
    }
    if (!included) to.error(of.check, 1, fmt::format("the check does not include {}.", of.file));

    const std::string text = without_comments(check->text);
    const std::regex test_case(R"re(TEST_CASE\s*\(\s*"((?:[^"\\]|\\.)*)")re");
    std::size_t cases = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), test_case), end; it != end; ++it) {
        ++cases;
        if (it->str(1).find(' ') == std::string::npos) {
            to.error(of.check, line_of(text, static_cast<std::size_t>(it->position())),
                     fmt::format("\"{}\" is no sentence that says what is observed.", it->str(1)));
        }
    }
    if (cases == 0) to.error(of.check, 1, "the check has no TEST_CASE.");

    const bool tagged = text.find("[interleavings]") != std::string::npos;
    if (tagged != (of.points.count(stage::interleavings) != 0)) {
        to.error(of.check, 1,
                 tagged ? "cases are tagged [interleavings], but lesson.toml has no such stage."
                        : "lesson.toml has the stage interleavings, but no case has its tag.");
    }
}

}  // namespace interleave::rules
