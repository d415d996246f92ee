#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "verdict/verdict.hpp"

namespace interleave {

/// Something in the course's own files is wrong: a lesson.toml that cannot be read, a folder that
/// is missing. The text says which file and what to do.
struct course_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Whose answer it is. Only decides how it is called in texts; all are judged alike.
enum class role {
    learner,   ///< lessons/ID/FILE, which the learner edits in place.
    starter,   ///< The pristine copy of it, checks/ID/answers/starter/FILE.
    solution,  ///< solutions/ID/FILE
    wrong,     ///< checks/ID/answers/wrong/NAME: must be rejected with the kind it declares.
    right,     ///< checks/ID/answers/right/NAME: must pass.
    other,     ///< Somebody's submission.
};

/// One header that implements a lesson's interface.
struct answer {
    role whose = role::other;
    std::filesystem::path file;  ///< Absolute.
    std::string name;  ///< "starter", "solution", "wrong/sleep", "right/mutex", or the file's name.
    /// starter and wrong: what it must be rejected with. Empty when it must pass, or may do either.
    std::optional<kind> declared;
    std::string summary;  ///< wrong and right: the sentence of the first line.
};

/// A lesson as its folders and lesson.toml describe it.
struct lesson {
    std::string id;  ///< "01-lost-update", the name of its folders.
    std::string title;
    std::string chapter;
    std::string idea;    ///< One sentence.
    std::string file;    ///< The answer's file name, the same in lessons/, solutions/ and answers/.
    std::string python;  ///< The counterpart in the guide.
    kind fails_with = kind::none;       ///< What the starter is rejected with.
    std::vector<std::string> includes;  ///< Headers beyond the standard library that it may use.
    std::map<stage, int> points;        ///< The stages to pass, and what each is worth.

    std::filesystem::path folder;    ///< lessons/ID
    std::filesystem::path starter;   ///< checks/ID/answers/starter/FILE, never edited by a learner.
    std::filesystem::path solution;  ///< solutions/ID/FILE
    std::filesystem::path check;     ///< checks/ID/check.cpp

    std::filesystem::path learner_file() const { return folder / file; }
};

}  // namespace interleave
