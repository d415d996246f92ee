#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/verdict.hpp"

namespace interleave {

/// A case as check.cpp declares it, before anything of an answer has run.
struct declared_case {
    std::string sentence;
    std::vector<std::string> tags;  ///< Without their brackets.
    int line = 0;
};

/// The cases of a check's source text, in order. What runs is compared with them: an answer is part
/// of the program that reports its cases, so that the program's own list proves nothing. `name` is
/// the file's, for the course_error that is thrown where a name is no literal or the macro is not
/// TEST_CASE.
std::vector<declared_case> declared_cases(std::string_view source, const std::string& name);

/// The same, of a file. Throws course_error also when it cannot be read.
std::vector<declared_case> read_declared_cases(const std::filesystem::path& check);

/// Catch2's selection of the cases that a stage runs.
std::string selection_of(stage);

/// The sentences of those among `cases` that selection_of(stage) runs.
std::vector<std::string> sentences_of(const std::vector<declared_case>& cases, stage);

}  // namespace interleave
