#pragma once
#include <string>
#include <vector>

#include "runner/process.hpp"

namespace interleave {

/// This process's environment with the command's additions, and the event channel's if it has one.
std::vector<std::string> environment_of(const command&);

/// The path of a program: itself where it has a slash, otherwise the first in the environment's
/// PATH. Throws process_error where there is none.
std::string find_program(const std::string& name, const std::vector<std::string>& environment);

/// What exec takes; valid as long as `texts` is not touched.
std::vector<char*> pointers_to(std::vector<std::string>& texts);

}  // namespace interleave
