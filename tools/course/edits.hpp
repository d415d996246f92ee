#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace interleave {

/// What a reset did.
struct reset_result {
    bool changed = false;  ///< false: the file was as it ships, and was left alone.
    /// Where the learner's version is kept now; empty when there was nothing to keep.
    std::optional<std::filesystem::path> backup;
};

/// Puts the pristine starter in place of the learner's file, which is first copied, flushed to
/// disk, to STATE/backups/ID/FILE.YYYYmmdd-HHMMSS (UTC; .2, .3, ... where that is taken). Throws
/// course_error, with the learner's file untouched, when either copy cannot be written.
reset_result reset(const course&, const lesson&,
                   std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

/// The kept versions of the learner's file, the newest first.
std::vector<std::filesystem::path> backups(const course&, const lesson&);

/// When the learner's file is gone: a sentence that offers to bring it back. Otherwise empty.
std::optional<std::string> missing_file(const course&, const lesson&);

/// The unified diff from the learner's file, or from the pristine starter, to the solution. Empty
/// if they are equal. Throws course_error when a file cannot be read.
enum class diff_from { learner, starter };
std::string diff(const course&, const lesson&, diff_from = diff_from::learner);

/// One rung of the ladder of hints.
struct hint {
    std::string title;
    std::string text;  ///< Markdown, without blank lines at its ends.
    int line = 0;      ///< Of the heading in hints.md.
};

/// The rungs of hints.md, which are its `## ` headings and what is below each. Throws course_error
/// when the file cannot be read or has not exactly three.
std::vector<hint> hints(const lesson&);

/// The rungs of such a text, however many.
std::vector<hint> parse_hints(std::string_view markdown);

}  // namespace interleave
