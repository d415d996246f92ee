#include "course/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "course/files.hpp"
#include "course/lint_rules.hpp"

namespace interleave {
namespace fs = std::filesystem;

namespace rules {
namespace {

/// A `lesson(ID FILE ...)` of the root CMakeLists.txt.
struct listed_lesson {
    std::string id;
    std::string file;
    int line;
};

std::vector<listed_lesson> listed_lessons(std::string_view cmake) {
    std::vector<listed_lesson> all;
    int number = 0;
    for (const std::string& line : split_lines(cmake)) {
        ++number;
        std::string_view rest = trimmed(line);
        if (!rest.starts_with("lesson(")) continue;
        rest = rest.substr(rest.find('(') + 1);
        std::istringstream words{std::string(rest.substr(0, rest.find(')')))};
        listed_lesson each{"", "", number};
        words >> each.id >> each.file;
        all.push_back(std::move(each));
    }
    return all;
}

/// The folders in one of the course's three; a plain file among them is a stray one.
std::set<std::string> folders_in(const fs::path& parent, report& to) {
    std::set<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(parent, none)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory()) {
            if (name != "support") names.insert(name);
        } else if (name != "README.md") {
            to.error(entry.path(), 1, "this file belongs to no lesson.");
        }
    }
    return names;
}

/// Two digits, a dash, and words of lower-case letters and digits.
bool is_id(std::string_view id) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return id.size() > 3 && digit(id[0]) && digit(id[1]) && id[2] == '-' && id.back() != '-' &&
           std::all_of(id.begin() + 3, id.end(),
                       [&](char c) { return digit(c) || c == '-' || (c >= 'a' && c <= 'z'); });
}

void expect_only(const fs::path& folder, const std::set<std::string>& names, report& to) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (names.count(entry.path().filename().string()) == 0) {
            to.error(entry.path(), 1, "nothing expects this file here: remove it.");
        }
    }
}

}  // namespace

void report::error(const fs::path& file, int line, std::string sentence) {
    findings_.push_back({file.lexically_relative(root_), line, std::move(sentence), false});
}

void report::note(const fs::path& file, int line, std::string sentence) {
    findings_.push_back({file.lexically_relative(root_), line, std::move(sentence), true});
}

std::optional<std::string> report::read(const fs::path& file, const std::string& purpose) {
    try {
        return read_file(file);
    } catch (const fs::filesystem_error& problem) {
        error(file, 1, fmt::format("{} cannot be read: {}.", purpose, problem.code().message()));
        return std::nullopt;
    }
}

void check_ids(const course& of, report& to) {
    const fs::path& root = of.root();
    std::set<std::string> all;
    std::map<std::string, std::set<std::string>> found;
    for (const char* part : {"lessons", "solutions", "checks"}) {
        found[part] = folders_in(root / part, to);
        all.insert(found[part].begin(), found[part].end());
    }
    const fs::path cmake = root / "CMakeLists.txt";
    std::map<std::string, listed_lesson> listed;
    for (listed_lesson& each : listed_lessons(to.read(cmake, "the list of lessons").value_or(""))) {
        if (all.count(each.id) == 0) {
            to.error(cmake, each.line, fmt::format("there is no lesson {}.", each.id));
        } else if (!listed.emplace(each.id, each).second) {
            to.error(cmake, each.line, fmt::format("lesson {} is listed twice.", each.id));
        }
    }

    std::map<std::string, std::string> numbers;
    for (const std::string& id : all) {
        for (const auto& [part, ids] : found) {
            if (ids.count(id) == 0) to.error(root / part / id, 1, "this folder is missing.");
        }
        if (!is_id(id)) {
            to.error(root / "lessons" / id, 1,
                     "an id is two digits and the symptom, as in 01-lost-update.");
        } else if (const auto [first, added] = numbers.emplace(id.substr(0, 2), id); !added) {
            to.error(root / "lessons" / id, 1,
                     fmt::format("{} has the same number.", first->second));
        }
        if (listed.count(id) == 0) {
            to.error(cmake, 1, fmt::format("the line lesson({} FILE) is missing.", id));
        }
        if (found["lessons"].count(id) != 0 && !fs::exists(root / "lessons" / id / "lesson.toml")) {
            to.error(root / "lessons" / id / "lesson.toml", 1, "this file is missing.");
        }
    }
    for (const lesson& each : of.lessons()) {
        const auto line = listed.find(each.id);
        if (line != listed.end() && line->second.file != each.file) {
            to.error(cmake, line->second.line,
                     fmt::format("the file of {} is {} in its lesson.toml.", each.id, each.file));
        }
    }
}

void check_folders(const lesson& of, report& to) {
    std::set<std::string> expected{"README.md", "hints.md", "lesson.toml", "solution", of.file};
    expected.insert(of.includes.begin(), of.includes.end());
    expect_only(of.folder, expected, to);

    const fs::path link = of.folder / "solution";
    const std::string target = "../../solutions/" + of.id;
    std::error_code none;
    if (!fs::is_symlink(link, none) || fs::read_symlink(link, none) != target) {
        to.error(link, 1, fmt::format("this has to be a symbolic link to {}.", target));
    }

    expect_only(of.solution.parent_path(), {"README.md", of.file}, to);
    to.read(of.solution.parent_path() / "README.md", "the page that says why the solution works");

    const fs::path check = of.check.parent_path();
    expect_only(check, {"check.cpp", "answers"}, to);
    expect_only(check / "answers", {"starter", "wrong", "right"}, to);
    expect_only(check / "answers/starter", {of.file}, to);
    for (const role whose : {role::wrong, role::right}) {
        std::set<std::string> names;
        for (const fs::path& file : answer_files(of, whose)) names.insert(file.filename().string());
        expect_only(check / "answers" / (whose == role::wrong ? "wrong" : "right"), names, to);
    }
}

void check_description(const lesson& of, report& to) {
    int sum = 0;
    for (const auto& [which, points] : of.points) sum += points;
    if (sum != 10) {
        to.error(of.folder / "lesson.toml", 1,
                 fmt::format("the points of the stages sum to {}, and have to sum to 10.", sum));
    }
}

}  // namespace rules

std::string to_string(const finding& found) {
    return fmt::format("{}:{}: {}{}", found.file.generic_string(), found.line,
                       found.note ? "note: " : "", found.sentence);
}

lint_options default_lint_options() {
    const char* ci = std::getenv("CI");
    return {.pristine = ci && std::string_view(ci) == "true"};
}

std::vector<finding> lint(const course& of, lint_options options) {
    rules::report to(of.root());
    rules::check_ids(of, to);
    for (const lesson& each : of.lessons()) {
        rules::check_folders(each, to);
        rules::check_description(each, to);
        rules::check_readme(each, to);
        rules::check_hints(each, to);
        rules::check_starter(each, options, to);
        rules::check_solution(each, to);
        rules::check_answers(each, to);
        rules::check_check(each, to);
    }
    std::vector<finding> findings = to.take();
    // By lesson, whichever of its folders a finding is in; files in the order they are read.
    std::stable_sort(findings.begin(), findings.end(), [](const finding& l, const finding& r) {
        const auto lesson_of = [](const finding& f) {
            const auto second = std::next(f.file.begin(), f.file.has_parent_path() ? 1 : 0);
            return f.file.has_parent_path() ? second->string() : std::string();
        };
        return lesson_of(l) < lesson_of(r);
    });
    return findings;
}

}  // namespace interleave
