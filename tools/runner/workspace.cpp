#include "runner/workspace.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>

#include "runner/process.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

bool is_alive(pid_t process) {
    return kill(process, 0) == 0 || errno == EPERM;
}

/// Folders are called PID-NUMBER; those of processes that are gone are nobody's.
void remove_abandoned(const fs::path& parent) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        const std::string name = entry.path().filename().string();
        int process = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), process);
        if (parsed.ec != std::errc() || process <= 0 || is_alive(process)) continue;
        fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

workspace::workspace(const fs::path& parent) {
    static std::atomic<int> number = 0;
    std::error_code error;
    fs::create_directories(parent, error);
    remove_abandoned(parent);
    folder_ = parent / fmt::format("{}-{}", getpid(), ++number);
    if (!fs::create_directory(folder_, error)) {
        throw process_error(fmt::format(
            "The folder {} cannot be made: {}. INTERLEAVE_BUILD names another place to build in.",
            folder_.string(), error.message()));
    }
}

workspace::~workspace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

}  // namespace interleave
