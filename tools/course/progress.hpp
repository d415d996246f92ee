#pragma once
#include <toml++/toml.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace interleave {

/// How far the learner has come with a lesson.
enum class lesson_state { untouched, tried, done };

/// What is remembered of one lesson.
struct lesson_progress {
    lesson_state state = lesson_state::untouched;
    std::string first_done;  ///< UTC, "2026-01-31T12:00:00Z"; empty before.
    int hints_shown = 0;
    bool solution_seen = false;
};

/// The learner's progress, in a text file that may be read and edited: FOLDER/progress.toml.
///
/// Every change is a read, a change and an atomic replacement of the file under a lock, so that
/// several programs may run at once, and one that is killed at any moment leaves a whole file. Keys
/// that this version does not know are kept. A file that cannot be understood is set aside as
/// progress.toml.broken-N. When the folder cannot be written, progress is kept in memory only.
/// Nothing here throws because of the file system: see warnings(). One thread at a time.
class progress {
  public:
    using time = std::chrono::system_clock::time_point;

    explicit progress(std::filesystem::path folder);

    /// The file as it is now; a reader need not call it after its own changes.
    void reload();

    lesson_progress of(const std::string& id) const;
    /// The lesson the learner is at, or an empty text.
    std::string current() const;

    void set_current(const std::string& id);
    /// A verdict was not passed. A lesson that was done stays done.
    void mark_tried(const std::string& id);
    /// A verdict was passed. The first time is kept.
    void mark_done(const std::string& id, time now = std::chrono::system_clock::now());
    /// The learner asked for `count` rungs of hints; it never goes down.
    void mark_hints(const std::string& id, int count);
    void mark_solution_seen(const std::string& id);
    /// The lesson starts over: untouched, without hints. That it was once done is kept.
    void start_over(const std::string& id);

    /// Sentences for the learner, each told once: what was set aside, or why nothing is kept.
    std::vector<std::string> take_warnings();

    const std::filesystem::path& file() const { return file_; }

  private:
    void change(const std::function<void(toml::table&)>&);
    toml::table read();
    void keep_in_memory(const std::string& reason);

    std::filesystem::path folder_;
    std::filesystem::path file_;
    toml::table table_;
    bool in_memory_ = false;
    std::vector<std::string> warnings_;
};

/// Where progress and backups are kept: the folder that INTERLEAVE_STATE names, else
/// root/.interleave.
std::filesystem::path state_folder(const std::filesystem::path& root);

}  // namespace interleave
