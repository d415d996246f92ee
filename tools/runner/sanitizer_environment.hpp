#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace interleave {

/// The environment variables under which a check built with `sanitizer` ("", "thread", "address")
/// is run; reports go to files that begin with `log_path`, or to stderr when it is empty. Without
/// `races`, ThreadSanitizer says nothing of them.
std::vector<std::pair<std::string, std::string>> sanitizer_environment(
    const std::string& sanitizer, const std::filesystem::path& log_path, bool races = true);

/// Whether a check's object, built with ThreadSanitizer, contains a std::atomic_thread_fence. The
/// runtime does not know what fences order, and reports races in correct programs that use them.
bool uses_fences(const std::filesystem::path& object);

}  // namespace interleave
