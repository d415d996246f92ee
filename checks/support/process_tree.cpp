#include "support/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace interleave {

namespace {

std::string read_file(const std::string& path) {
    std::string text;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return text;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(file, buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(file);
    return text;
}

void look_at_thread(const std::string& folder, long thread, process_tree_look& seen) {
    const std::string status = read_file(folder + "/status");
    const std::size_t state = status.find("\nState:\t");
    const char letter = state == std::string::npos ? '?' : status[state + 8];
    if (letter == 'Z' || letter == 'X') return;  // it will never do anything again
    const std::size_t switches = status.find("\nvoluntary_ctxt_switches:");
    seen.scheduled[thread] = switches == std::string::npos ? "" : status.substr(switches);
    seen.used += std::chrono::nanoseconds(std::atoll(read_file(folder + "/schedstat").c_str()));
    seen.asleep = seen.asleep && letter == 'S';
}

void look_at_process(pid_t process, long caller, const std::function<bool(pid_t)>& left_out,
                     process_tree_look& seen) {
    const std::string folder = "/proc/" + std::to_string(process) + "/task";
    DIR* const tasks = ::opendir(folder.c_str());
    if (tasks == nullptr) {
        seen.asleep = false;
        return;
    }
    const bool skipped = left_out && left_out(process);
    while (const dirent* entry = ::readdir(tasks)) {
        const long thread = std::strtol(entry->d_name, nullptr, 10);
        if (thread == 0) continue;
        const std::string path = folder + "/" + entry->d_name;
        if (thread != caller && !skipped) look_at_thread(path, thread, seen);
        const std::string children = read_file(path + "/children");
        const char* at = children.c_str();
        for (char* end = nullptr;; at = end) {
            const long child = std::strtol(at, &end, 10);
            if (end == at) break;
            look_at_process(static_cast<pid_t>(child), caller, left_out, seen);
        }
    }
    ::closedir(tasks);
}

}  // namespace

process_tree_look process_tree_look::at(pid_t root, const std::function<bool(pid_t)>& left_out) {
    process_tree_look seen;
    look_at_process(root, ::syscall(SYS_gettid), left_out, seen);
    return seen;
}

}  // namespace interleave
