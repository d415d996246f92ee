#include "course/progress.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <sstream>
#include <system_error>

#include "course/file_lock.hpp"
#include "course/files.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

constexpr const char* header =
    "# Your progress in this course. The values may be edited; comments are not kept.\n\n";
constexpr const char* lock_name = "progress.lock";

/// The file's table; empty if it is not TOML of the shape that is written here.
std::optional<toml::table> parse(std::string_view text) {
    try {
        toml::table table = toml::parse(text);
        const toml::node* lessons = table.get("lessons");
        if (!lessons) return table;
        if (!lessons->is_table()) return std::nullopt;
        for (const auto& [id, node] : *lessons->as_table()) {
            if (!node.is_table()) return std::nullopt;
        }
        return table;
    } catch (const toml::parse_error&) {
        return std::nullopt;
    }
}

/// Gives a file a name that no other has. A hard link fails if the name is taken: nothing that
/// was set aside before is ever replaced.
fs::path set_aside(const fs::path& file) {
    for (int n = 1;; ++n) {
        fs::path aside = file.string() + ".broken-" + std::to_string(n);
        std::error_code error;
        fs::create_hard_link(file, aside, error);
        if (error == std::errc::file_exists) continue;
        if (!error) {
            fs::remove(file);
        } else if (!fs::exists(aside)) {
            fs::rename(file, aside);  // a file system without hard links
        } else {
            continue;
        }
        return aside;
    }
}

const toml::table* lesson_in(const toml::table& table, const std::string& id) {
    const toml::node* lessons = table.get("lessons");
    const toml::node* found = lessons ? lessons->as_table()->get(id) : nullptr;
    return found ? found->as_table() : nullptr;
}

toml::table& lesson_of(toml::table& table, const std::string& id) {
    toml::table& lessons = *table.emplace<toml::table>("lessons").first->second.as_table();
    return *lessons.emplace<toml::table>(id).first->second.as_table();
}

template <class T>
T value(const toml::table& from, const char* key, T otherwise) {
    const toml::node* found = from.get(key);
    return found ? found->value<T>().value_or(otherwise) : otherwise;
}

}  // namespace

fs::path state_folder(const fs::path& root) {
    if (const char* named = std::getenv("INTERLEAVE_STATE"); named && *named) {
        return fs::absolute(named).lexically_normal();
    }
    return root / ".interleave";
}

progress::progress(fs::path folder) : folder_(std::move(folder)), file_(folder_ / "progress.toml") {
    reload();
}

void progress::reload() {
    if (in_memory_) return;
    try {
        std::error_code none;
        if (!fs::exists(file_, none)) {
            table_ = {};
        } else if (auto known = parse(read_file(file_))) {
            table_ = std::move(*known);
        } else {
            file_lock between_processes(folder_ / lock_name);
            const std::lock_guard alone(between_processes);
            table_ = read();
        }
    } catch (const fs::filesystem_error& error) {
        keep_in_memory(error.code().message());
    }
}

/// Under the lock.
toml::table progress::read() {
    if (!fs::exists(file_)) return {};
    if (auto known = parse(read_file(file_))) return *known;
    const fs::path aside = set_aside(file_);
    warnings_.push_back(fmt::format(
        "{} could not be understood, so progress starts afresh. The old file is kept as {}: repair "
        "it there and rename it back if you want it.",
        file_.string(), aside.filename().string()));
    return {};
}

void progress::change(const std::function<void(toml::table&)>& make) {
    if (!in_memory_) {
        try {
            fs::create_directories(folder_);
            file_lock between_processes(folder_ / lock_name);
            const std::lock_guard alone(between_processes);
            remove_leftovers(file_);
            table_ = read();
            toml::table changed = table_;
            make(changed);
            if (changed == table_) return;
            std::ostringstream text;
            text << header << changed << '\n';
            write_atomically(file_, text.str());
            table_ = std::move(changed);
            return;
        } catch (const fs::filesystem_error& error) {
            keep_in_memory(error.code().message());
        }
    }
    make(table_);
}

void progress::keep_in_memory(const std::string& reason) {
    in_memory_ = true;
    warnings_.push_back(
        fmt::format("Progress is not kept when this program ends: {} cannot be written ({}). Set "
                    "INTERLEAVE_STATE to a folder of yours to keep it there.",
                    file_.string(), reason));
}

lesson_progress progress::of(const std::string& id) const {
    const toml::table* found = lesson_in(table_, id);
    if (!found) return {};
    lesson_progress known;
    const auto state = value<std::string>(*found, "state", "");
    known.state = state == "done"    ? lesson_state::done
                  : state == "tried" ? lesson_state::tried
                                     : lesson_state::untouched;
    known.first_done = value<std::string>(*found, "first_done", "");
    known.hints_shown = static_cast<int>(
        std::clamp<std::int64_t>(value<std::int64_t>(*found, "hints_shown", 0), 0, 1000));
    known.solution_seen = value<bool>(*found, "solution_seen", false);
    return known;
}

std::string progress::current() const {
    return value<std::string>(table_, "current", "");
}

void progress::set_current(const std::string& id) {
    change([&](toml::table& table) { table.insert_or_assign("current", id); });
}

void progress::mark_tried(const std::string& id) {
    change([&](toml::table& table) {
        toml::table& lesson = lesson_of(table, id);
        if (value<std::string>(lesson, "state", "") == "done") return;
        lesson.insert_or_assign("state", "tried");
    });
}

void progress::mark_done(const std::string& id, time now) {
    change([&](toml::table& table) {
        toml::table& lesson = lesson_of(table, id);
        lesson.insert_or_assign("state", "done");
        if (!value<std::string>(lesson, "first_done", "").empty()) return;
        const auto when = std::chrono::system_clock::to_time_t(now);
        lesson.insert_or_assign("first_done",
                                fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(when)));
    });
}

void progress::mark_hints(const std::string& id, int count) {
    change([&](toml::table& table) {
        toml::table& lesson = lesson_of(table, id);
        const auto before = value<std::int64_t>(lesson, "hints_shown", 0);
        lesson.insert_or_assign("hints_shown", std::max<std::int64_t>(before, count));
    });
}

void progress::mark_solution_seen(const std::string& id) {
    change(
        [&](toml::table& table) { lesson_of(table, id).insert_or_assign("solution_seen", true); });
}

void progress::start_over(const std::string& id) {
    change([&](toml::table& table) {
        toml::table& lesson = lesson_of(table, id);
        lesson.insert_or_assign("state", "untouched");
        lesson.erase("hints_shown");
    });
}

std::vector<std::string> progress::take_warnings() {
    return std::exchange(warnings_, {});
}

}  // namespace interleave
