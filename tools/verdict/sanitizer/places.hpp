#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "report.hpp"

namespace interleave::sanitizer {

/// Whose line a frame is.
enum class frame_owner { answer, course, foreign };

/// The frame of a stack worth showing.
struct shown_frame {
    source_frame frame;
    frame_owner owner = frame_owner::foreign;
    std::string callee;  ///< the standard library's function it calls, when that did the access
};

/// Decides which files are the learner's, which frames are worth showing, and reads their lines.
class places {
  public:
    explicit places(const digest_options& options);

    /// The learner's own file: `answer`. Another file of the course, which is not a library's, the
    /// test framework's or the checks' support code: `course`.
    frame_owner owner(const source_frame& frame) const;

    /// The first frame inside the answer, else the first inside the course, else the first with a
    /// line, else nothing.
    std::optional<shown_frame> show(const stack_trace& stack) const;

    /// Whether some frame lies inside the answer.
    bool in_answer(const stack_trace& stack) const;

    /// "lessons/01-lost-update/counter.hpp:6": relative to the root where inside.
    std::string path_and_line(const source_frame& frame) const;

    /// The text of the frame's line without indentation; `removed` is how many columns that took
    /// away. Empty when the file may not be quoted or has no such line.
    std::string source_line(const source_frame& frame, std::size_t* removed = nullptr) const;

  private:
    std::filesystem::path resolve(const std::string& file) const;
    bool may_quote(const std::filesystem::path& file) const;

    std::filesystem::path root_;
    std::vector<std::filesystem::path> answers_;
};

/// A function's name as a beginner would write it: "counter::increment()", "a lambda in main()".
std::string short_function(std::string_view function);

}  // namespace interleave::sanitizer
