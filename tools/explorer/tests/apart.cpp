#include "apart.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <exception>

namespace corpus {
namespace {

/// How much longer than its processor time a process may take on a busy machine.
constexpr int most_patience = 20;

}  // namespace

void print(const char* verdict, const std::string& figures, const program& p) {
    std::printf("%-7s %-52s %s\n", verdict, figures.c_str(), p.name);
}

bool apart(const program& p, int limit, const std::function<bool()>& work) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child < 0) {
        std::perror("cannot start a process");
        return false;
    }
    if (child == 0) {
        const auto seconds = static_cast<rlim_t>(limit);
        const rlimit processor_time{seconds, seconds + 1};
        setrlimit(RLIMIT_CPU, &processor_time);
        int status = 1;
        try {
            status = work() ? 0 : 1;
        } catch (const std::exception& error) {
            print("FAILED", std::string("explore() throws: ") + error.what(), p);
        }
        std::fflush(stdout);
        _exit(status);
    }
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    pollfd ending{handle, POLLIN, 0};
    const bool ended = poll(&ending, 1, most_patience * limit * 1000) == 1;
    if (!ended) kill(child, SIGKILL);
    close(handle);
    int status = 0;
    waitpid(child, &status, 0);
    if (!ended) {
        print("FAILED", "stands still", p);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
        print("FAILED", "not ended after " + std::to_string(limit) + " s", p);
    } else if (WIFSIGNALED(status)) {
        print("FAILED", std::string("the explorer itself: ") + strsignal(WTERMSIG(status)), p);
    } else if (WEXITSTATUS(status) > 1) {
        print("FAILED", "ended the process with " + std::to_string(WEXITSTATUS(status)), p);
    }
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace corpus
