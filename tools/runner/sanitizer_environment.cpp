#include "runner/sanitizer_environment.hpp"

#include "verdict/sanitizer/options.hpp"

namespace interleave {

std::vector<std::pair<std::string, std::string>> sanitizer_environment(
    const std::string& sanitizer, const std::filesystem::path& log_path) {
    const sanitizer_run how{.log_path = log_path};
    if (sanitizer == "thread") return {{"TSAN_OPTIONS", tsan_options(how)}};
    if (sanitizer == "address") {
        return {{"ASAN_OPTIONS", asan_options(how)}, {"LSAN_OPTIONS", lsan_options()}};
    }
    return {};
}

}  // namespace interleave
