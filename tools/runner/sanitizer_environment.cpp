#include "runner/sanitizer_environment.hpp"

#include <fstream>
#include <iterator>

#include "verdict/sanitizer/options.hpp"

namespace interleave {

std::vector<std::pair<std::string, std::string>> sanitizer_environment(
    const std::string& sanitizer, const std::filesystem::path& log_path, bool races) {
    const sanitizer_run how{.log_path = log_path, .races = races};
    if (sanitizer == "thread") return {{"TSAN_OPTIONS", tsan_options(how)}};
    if (sanitizer == "address") {
        return {{"ASAN_OPTIONS", asan_options(how)}, {"LSAN_OPTIONS", lsan_options()}};
    }
    return {};
}

bool uses_fences(const std::filesystem::path& object) {
    std::ifstream in(object, std::ios::binary);
    const std::string symbols{std::istreambuf_iterator<char>(in), {}};
    return symbols.find("__tsan_atomic_thread_fence") != std::string::npos;
}

}  // namespace interleave
