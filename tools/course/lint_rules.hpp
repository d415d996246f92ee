#pragma once
// The parts of lint(): each looks at one kind of file. Not for others.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "course/lint.hpp"

namespace interleave::rules {

/// Collects the findings of one course.
class report {
  public:
    explicit report(std::filesystem::path root) : root_(std::move(root)) {}

    void error(const std::filesystem::path& file, int line, std::string sentence);
    void note(const std::filesystem::path& file, int line, std::string sentence);

    /// The file's text; when it cannot be read, a finding that says why it should be there.
    std::optional<std::string> read(const std::filesystem::path& file, const std::string& purpose);

    std::vector<finding> take() { return std::move(findings_); }

  private:
    std::filesystem::path root_;
    std::vector<finding> findings_;
};

/// The ids of lessons/, solutions/, checks/ and the root CMakeLists.txt agree.
void check_ids(const course&, report&);
/// The lesson's folders hold what they should, and nothing else.
void check_folders(const lesson&, report&);
void check_description(const lesson&, report&);
void check_readme(const lesson&, report&);
void check_hints(const lesson&, report&);
void check_starter(const lesson&, const lint_options&, report&);
void check_solution(const lesson&, report&);
void check_answers(const lesson&, report&);
void check_check(const lesson&, report&);

}  // namespace interleave::rules
