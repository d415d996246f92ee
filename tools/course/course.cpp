#include "course/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <numeric>

#include "course/files.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// Levenshtein's distance: how many characters to insert, delete or replace.
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

/// "lost-update" of "01-lost-update".
std::string_view symptom(std::string_view id) {
    const std::size_t dash = id.find('-');
    return dash == std::string_view::npos ? id : id.substr(dash + 1);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() < 6 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0;
    });
}

/// "01" and "1" name the lesson whose id starts with "01-".
bool has_number(std::string_view id, std::string_view number) {
    const std::string_view own = id.substr(0, id.find('-'));
    return is_number(own) && is_number(number) &&
           std::atoi(std::string(own).c_str()) == std::atoi(std::string(number).c_str());
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

/// Up to three ids, the nearest first; none that is too far to have been meant.
std::vector<std::string> nearest(const std::vector<lesson>& lessons, std::string_view name) {
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const lesson& each : lessons) {
        const std::size_t distance = std::min(edit_distance(name, each.id),  //
                                              edit_distance(name, symptom(each.id)));
        if (distance <= std::max<std::size_t>(2, name.size() / 2)) {
            near.emplace_back(distance, each.id);
        }
    }
    std::sort(near.begin(), near.end());
    near.resize(std::min<std::size_t>(near.size(), 3));
    std::vector<std::string> ids;
    ids.reserve(near.size());
    for (auto& [distance, id] : near) ids.push_back(std::move(id));
    return ids;
}

/// Absolute, without dots and without a slash at the end.
fs::path tidy(const fs::path& folder) {
    const fs::path absolute = fs::absolute(folder).lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

bool is_course(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "lessons", ignored) &&
           fs::is_directory(folder / "checks", ignored);
}

}  // namespace

fs::path find_root(const fs::path& from) {
    if (const char* named = std::getenv("INTERLEAVE_ROOT"); named && *named) {
        fs::path root = tidy(named);
        if (is_course(root)) return root;
        throw course_error(
            fmt::format("INTERLEAVE_ROOT is {}, but there is no course in it: a course has the "
                        "folders lessons/ "
                        "and checks/. Set it to the folder that holds them, or unset it.",
                        root.string()));
    }
    for (fs::path folder = tidy(from);; folder = folder.parent_path()) {
        if (is_course(folder)) return folder;
        if (folder == folder.parent_path()) break;
    }
    throw course_error(
        fmt::format("There is no course here: neither {} nor a folder above it has lessons/ and "
                    "checks/. Change "
                    "to the course's folder, or set INTERLEAVE_ROOT to it.",
                    fs::absolute(from).string()));
}

course::course(const fs::path& root) : root_(tidy(root)) {
    if (!is_course(root_)) {
        throw course_error(root_.string() + " is not a course: lessons/ or checks/ is missing.");
    }
    std::string mistakes;
    for (const auto& entry : fs::directory_iterator(root_ / "lessons")) {
        if (!fs::exists(entry.path() / "lesson.toml")) continue;
        try {
            lessons_.push_back(load_lesson(root_, entry.path().filename().string()));
        } catch (const course_error& mistake) {
            if (!mistakes.empty()) mistakes += '\n';
            mistakes += mistake.what();
        }
    }
    if (!mistakes.empty()) throw course_error(mistakes);
    std::sort(lessons_.begin(), lessons_.end(),
              [](const lesson& left, const lesson& right) { return left.id < right.id; });
}

const lesson& course::find(std::string_view name) const {
    std::string wanted(name);
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (wanted.find('/') != std::string::npos) {
        for (const fs::path& part : fs::path(wanted)) {
            for (const lesson& each : lessons_) {
                if (each.id == part) return each;
            }
        }
    }
    std::vector<const lesson*> meant;
    for (const lesson& each : lessons_) {
        if (each.id == wanted || symptom(each.id) == wanted) return each;
        const bool starts = !wanted.empty() &&
                            (each.id.starts_with(wanted) || symptom(each.id).starts_with(wanted));
        if (is_number(wanted) ? has_number(each.id, wanted) : starts) meant.push_back(&each);
    }
    if (meant.size() == 1) return *meant.front();

    if (meant.empty()) {
        const auto near = nearest(lessons_, wanted);
        throw unknown_lesson(
            near.empty()
                ? fmt::format("There is no lesson \"{}\". `tools/interleave list` shows all {}.",
                              name, lessons_.size())
                : fmt::format("There is no lesson \"{}\". Did you mean {}?", name, list(near)));
    }
    std::vector<std::string> ids;
    ids.reserve(meant.size());
    for (const lesson* each : meant) ids.push_back(each->id);
    throw unknown_lesson(fmt::format(
        "\"{}\" may be {}. Write a little more of the name, or its number.", name, list(ids)));
}

answer read_answer(role whose, const fs::path& file) {
    const bool wrong = whose == role::wrong;
    const std::string tag = wrong ? "wrong" : "right";
    const std::vector<std::string> lines = split_lines(read_file(file));
    std::string_view rest = lines.empty() ? std::string_view() : std::string_view(lines.front());
    const auto refuse = [&](const std::string& reason) {
        throw course_error(fmt::format("{}:1: {}", file.string(), reason));
    };
    const std::string start = "// " + tag + ": ";
    if (!rest.starts_with(start)) {
        refuse(
            fmt::format("the first line has to be `{}{}SENTENCE`.", start, wrong ? "KIND: " : ""));
    }
    rest.remove_prefix(start.size());

    answer read{whose, fs::absolute(file), tag + "/" + file.stem().string(), std::nullopt, ""};
    if (wrong) {
        const std::size_t colon = rest.find(": ");
        const std::string_view declared = rest.substr(0, colon);
        read.declared = parse_kind(declared);
        if (!read.declared || *read.declared == kind::none) {
            refuse(fmt::format("\"{}\" is no kind of failure, as race and wrong-result are.",
                               declared));
        }
        rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 2);
    }
    read.summary = trimmed(rest);
    if (read.summary.empty()) refuse("the first line needs a sentence that says what is done.");
    return read;
}

std::vector<fs::path> answer_files(const lesson& of, role whose) {
    const fs::path folder =
        of.check.parent_path() / "answers" / (whose == role::wrong ? "wrong" : "right");
    std::vector<fs::path> files;
    if (!fs::is_directory(folder)) return files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == fs::path(of.file).extension()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<answer> answers(const lesson& of) {
    for (const fs::path& needed : {of.starter, of.solution}) {
        if (!fs::exists(needed)) {
            throw course_error(needed.string() +
                               ":1: the course should have this file, and it is missing.");
        }
    }
    std::vector<answer> all{
        {role::starter, of.starter, "starter", of.fails_with, "the lesson as it starts"},
        {role::solution, of.solution, "solution", std::nullopt, "the reference solution"},
    };
    for (const role whose : {role::wrong, role::right}) {
        for (const fs::path& file : answer_files(of, whose)) {
            all.push_back(read_answer(whose, file));
        }
    }
    return all;
}

answer learner_answer(const lesson& of) {
    return {role::learner, of.learner_file(), of.file, std::nullopt, ""};
}

}  // namespace interleave
