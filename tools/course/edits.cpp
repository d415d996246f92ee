#include "course/edits.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "course/diff.hpp"
#include "course/files.hpp"
#include "course/progress.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

fs::path backup_folder(const course& of, const lesson& which) {
    return state_folder(of.root()) / "backups" / which.id;
}

std::string relative_to_root(const course& of, const fs::path& file) {
    return file.lexically_relative(of.root()).generic_string();
}

fs::path keep(const course& of, const lesson& which, std::string_view text,
              std::chrono::system_clock::time_point now) {
    const fs::path folder = backup_folder(of, which);
    fs::create_directories(folder);
    const std::string name = fmt::format("{}.{:%Y%m%d-%H%M%S}", which.file,
                                         fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    fs::path file = folder / name;
    for (int n = 2; !write_new(file, text); ++n) file = folder / fmt::format("{}.{}", name, n);
    return file;
}

/// When a backup was made, and which of that second's it is.
std::pair<std::string, int> age(const fs::path& backup, const lesson& which) {
    const std::string stamp = backup.filename().string().substr(which.file.size() + 1);
    constexpr std::size_t seconds = std::string_view("20260131-120000").size();
    return {stamp.substr(0, seconds),
            stamp.size() > seconds ? std::atoi(stamp.c_str() + seconds + 1) : 1};
}

}  // namespace

reset_result reset(const course& of, const lesson& which,
                   std::chrono::system_clock::time_point now) {
    const fs::path file = which.learner_file();
    reset_result done;
    try {
        const std::string pristine = read_file(which.starter);
        std::error_code gone;
        if (fs::exists(file, gone)) {
            const std::string edited = read_file(file);
            if (edited == pristine) return done;
            done.backup = keep(of, which, edited, now);
        }
        write_atomically(file, pristine);
        done.changed = true;
        return done;
    } catch (const fs::filesystem_error& error) {
        throw course_error(fmt::format("{} was not reset, and is as it was: {}.",
                                       relative_to_root(of, file), error.what()));
    }
}

std::vector<fs::path> backups(const course& of, const lesson& which) {
    std::vector<fs::path> kept;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(backup_folder(of, which), none)) {
        if (entry.path().filename().string().starts_with(which.file + ".")) {
            kept.push_back(entry.path());
        }
    }
    std::sort(kept.begin(), kept.end(), [&](const fs::path& left, const fs::path& right) {
        return age(left, which) > age(right, which);
    });
    return kept;
}

std::optional<std::string> missing_file(const course& of, const lesson& which) {
    std::error_code ignored;
    if (fs::exists(which.learner_file(), ignored)) return std::nullopt;
    const std::string file = relative_to_root(of, which.learner_file());
    std::string text = fmt::format(
        "{} is gone. `tools/interleave reset {}` brings the starter back.", file, which.id);
    if (const auto kept = backups(of, which); !kept.empty()) {
        text += fmt::format(" Your last version that was kept is {}.",
                            kept.front().lexically_proximate(of.root()).string());
    }
    return text;
}

std::string diff(const course& of, const lesson& which, diff_from from) {
    const fs::path before = from == diff_from::learner ? which.learner_file() : which.starter;
    try {
        return unified_diff(read_file(before), read_file(which.solution),
                            relative_to_root(of, before), relative_to_root(of, which.solution));
    } catch (const fs::filesystem_error& error) {
        throw course_error(fmt::format("There is nothing to compare: {}.", error.what()));
    }
}

std::vector<hint> parse_hints(std::string_view markdown) {
    std::vector<hint> rungs;
    bool fenced = false;
    int number = 0;
    for (const std::string& line : split_lines(markdown)) {
        ++number;
        if (trimmed(line).starts_with("```")) fenced = !fenced;
        if (!fenced && line.starts_with("## ")) {
            rungs.push_back({std::string(trimmed(std::string_view(line).substr(3))), "", number});
        } else if (!rungs.empty()) {
            rungs.back().text += line + '\n';
        }
    }
    for (hint& rung : rungs) {
        while (rung.text.starts_with('\n')) rung.text.erase(0, 1);
        while (rung.text.ends_with('\n')) rung.text.pop_back();
    }
    return rungs;
}

std::vector<hint> hints(const lesson& of) {
    const fs::path file = of.folder / "hints.md";
    try {
        std::vector<hint> rungs = parse_hints(read_file(file));
        if (rungs.size() == 3) return rungs;
        throw course_error(
            fmt::format("{}:1: hints need exactly three `## ` headings, and there {} "
                        "{}.",
                        file.string(), rungs.size() == 1 ? "is" : "are", rungs.size()));
    } catch (const fs::filesystem_error& error) {
        throw course_error(
            fmt::format("{}:1: there are no hints: {}.", file.string(), error.code().message()));
    }
}

}  // namespace interleave
