#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace interleave {

inline std::vector<pid_t> children_of(pid_t process) {
    std::vector<pid_t> found;
    std::error_code ended;
    const std::string tasks = "/proc/" + std::to_string(process) + "/task";
    std::filesystem::directory_iterator task(tasks, ended);
    for (; !ended && task != std::filesystem::directory_iterator(); task.increment(ended)) {
        std::ifstream children(task->path() / "children");
        for (pid_t child; children >> child;) found.push_back(child);
    }
    return found;
}

inline bool is_zombie(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(stat, line);
    return line.find(") Z ") != std::string::npos;
}

/// The processes that descend from one, by whether they have ended and nobody has waited for them.
struct descent {
    int alive = 0;
    int zombies = 0;
};

inline descent descendants(pid_t process = ::getpid()) {
    descent all;
    for (const pid_t child : children_of(process)) {
        const descent further = descendants(child);
        const bool ended = is_zombie(child);
        all.alive += further.alive + (ended ? 0 : 1);
        all.zombies += further.zombies + (ended ? 1 : 0);
    }
    return all;
}

/// Makes this process the parent of all that descend from it and lose theirs, as long as it lives.
/// Then it ends them.
class foster_parent {
  public:
    foster_parent() { adopt(1); }
    ~foster_parent() {
        do {
            for (const pid_t child : children_of(::getpid())) ::kill(child, SIGKILL);
        } while (::waitpid(-1, nullptr, 0) > 0);
        adopt(0);
    }
    foster_parent(foster_parent&&) = delete;

  private:
    static void adopt([[maybe_unused]] int whether) {
#ifdef __linux__
        ::prctl(PR_SET_CHILD_SUBREAPER, whether);
#endif
    }
};

}  // namespace interleave
