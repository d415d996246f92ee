#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "course/lesson.hpp"

namespace interleave {

/// No lesson, or more than one, is meant by what the learner typed. The text offers the nearest.
struct unknown_lesson : course_error {
    using course_error::course_error;
};

/// The lessons of one checkout, as their files were when this was made. Reads only; any thread.
class course {
  public:
    /// Loads every folder of root/lessons that has a lesson.toml, sorted by id. Throws course_error
    /// that names every mistake in them, each as path:line.
    explicit course(const std::filesystem::path& root);

    /// Absolute.
    const std::filesystem::path& root() const { return root_; }
    const std::vector<lesson>& lessons() const { return lessons_; }

    /// The lesson meant by an id ("01-lost-update"), its number ("1", "01"), the start of its id or
    /// name ("lost"), or a path into its folder. Throws unknown_lesson.
    const lesson& find(std::string_view name) const;

  private:
    std::filesystem::path root_;
    std::vector<lesson> lessons_;
};

/// The folder with lessons/ and checks/ in it: the one that INTERLEAVE_ROOT names, else `from` or
/// the nearest folder above it. Throws course_error.
std::filesystem::path find_root(
    const std::filesystem::path& from = std::filesystem::current_path());

/// Reads root/lessons/ID/lesson.toml. Throws course_error that names every mistake in it.
lesson load_lesson(const std::filesystem::path& root, const std::string& id);

/// Everything the course ships for a lesson: starter, solution, then wrong and right answers, each
/// by name. Throws course_error when one is missing or a first line does not say what it is.
std::vector<answer> answers(const lesson&);

/// The learner's own file, which may not exist.
answer learner_answer(const lesson&);

/// Reads the first line of a wrong answer, `// wrong: KIND: SENTENCE`, or of a right one,
/// `// right: SENTENCE`. Throws course_error with path:1.
answer read_answer(role, const std::filesystem::path&);

/// The files with the extension of the lesson's file in checks/ID/answers/wrong or right, sorted.
std::vector<std::filesystem::path> answer_files(const lesson&, role);

}  // namespace interleave
