#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace interleave {

/// The environment variables under which a check built with `sanitizer` ("", "thread", "address")
/// is run; reports go to files that begin with `log_path`, or to stderr when it is empty.
std::vector<std::pair<std::string, std::string>> sanitizer_environment(
    const std::string& sanitizer, const std::filesystem::path& log_path);

}  // namespace interleave
