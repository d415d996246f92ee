#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <csignal>
#include <fstream>
#include <string>

#include "support/function_ref.hpp"
#include "support/process_tree.hpp"

namespace interleave {

/// Calls `visit` for each process that descends from this one. Any thread.
inline void for_each_descendant(function_ref<void(pid_t)> visit) {
    for_each_thread_in_tree(::getpid(), [&](long process, long thread) {
        if (thread == process && process != ::getpid()) visit(static_cast<pid_t>(process));
    });
}

/// Whether a process has ended and nobody has waited for it. Any thread.
inline bool is_zombie(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(stat, line);
    return line.find(") Z ") != std::string::npos;
}

/// The processes that descend from this one.
struct descent {
    int alive = 0;
    int zombies = 0;
};

inline descent descendants() {
    descent all;
    for_each_descendant([&](pid_t process) { ++(is_zombie(process) ? all.zombies : all.alive); });
    return all;
}

/// Makes this process the parent of all that descend from it and lose theirs, as long as it lives.
/// Then it ends them. Linux only: elsewhere nobody is adopted.
class foster_parent {
  public:
    foster_parent() { adopt(1); }
    ~foster_parent() {
        do {
            for_each_descendant([](pid_t process) { ::kill(process, SIGKILL); });
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
