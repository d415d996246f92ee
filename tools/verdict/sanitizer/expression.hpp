#pragma once

#include <string>
#include <string_view>

namespace interleave::sanitizer {

/// The variable or member that the code at `column` (from 1) of `line` reads or writes, as it is
/// written there: "value_", "task->done", "points_[player]". clang's column points at an assignment
/// or increment operator, at the name, or at the member function called. Empty when none is found.
std::string expression_at(std::string_view line, std::size_t column);

/// The variable that two accesses most likely share, when their columns are unknown: the one name
/// that occurs in both lines and is neither a keyword, a type, a function nor declared there; a
/// name that `writing` changes goes before others. Empty when that leaves more than one.
std::string shared_name(std::string_view writing, std::string_view other);

/// The mutex that `line` locks: "m" of "m.lock()", of "std::lock_guard lock(m);" and of
/// "pthread_mutex_lock(&m)". Empty when it locks several or none is recognized.
std::string mutex_in(std::string_view line);

/// The last name of an expression: "done" of "task->done", "points_" of "points_[player]".
std::string_view last_name(std::string_view expression);

}  // namespace interleave::sanitizer
