#include "apart.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>

namespace corpus {
namespace {

/// How much longer than its processor time a process may take on a busy machine.
constexpr int most_patience = 20;

using steady = std::chrono::steady_clock;

struct process {
    const program* about;
    pid_t id;
    int handle;  ///< becomes readable when the process has ended
    steady::time_point patience_ends;
};

[[noreturn]] void be_the_process(const program& p, int limit,
                                 const std::function<bool(const program&)>& work) {
    // Not static: the explorer would restore a megabyte with every execution.
    constexpr std::size_t most_output = 1 << 20;
    std::setvbuf(stdout, new char[most_output], _IOFBF, most_output);
    const auto seconds = static_cast<rlim_t>(limit);
    const rlimit processor_time{seconds, seconds + 1};
    setrlimit(RLIMIT_CPU, &processor_time);
    int status = 1;
    try {
        status = work(p) ? 0 : 1;
    } catch (const std::exception& error) {
        print("FAILED", std::string("explore() throws: ") + error.what(), p);
    }
    std::fflush(stdout);
    _exit(status);
}

/// Collects a process that has ended, or ends it; false: it did not do its work.
bool collect(const process& one, bool ended, int limit) {
    if (!ended) kill(one.id, SIGKILL);
    close(one.handle);
    int status = 0;
    waitpid(one.id, &status, 0);
    if (!ended) {
        print("FAILED", "stands still", *one.about);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
        print("FAILED", "not ended after " + std::to_string(limit) + " s", *one.about);
    } else if (WIFSIGNALED(status)) {
        print("FAILED", std::string("the explorer itself: ") + strsignal(WTERMSIG(status)),
              *one.about);
    } else if (WEXITSTATUS(status) > 1) {
        print("FAILED", "ended the process with " + std::to_string(WEXITSTATUS(status)),
              *one.about);
    }
    std::fflush(stdout);
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

void print(const char* verdict, const std::string& figures, const program& p) {
    std::printf("%-7s %-52s %s\n", verdict, figures.c_str(), p.name);
}

int apart(const std::vector<program>& programs, int jobs, int limit,
          const std::function<bool(const program&)>& work) {
    int failed = 0;
    std::vector<process> running;
    for (std::size_t next = 0; next < programs.size() || !running.empty();) {
        if (next < programs.size() && running.size() < static_cast<std::size_t>(jobs)) {
            std::fflush(stdout);
            const program& p = programs[next++];
            const pid_t child = fork();
            if (child == 0) be_the_process(p, limit, work);
            if (child < 0) {
                std::perror("cannot start a process");
                ++failed;
                continue;
            }
            running.push_back({&p, child, static_cast<int>(syscall(SYS_pidfd_open, child, 0)),
                               steady::now() + std::chrono::seconds(most_patience * limit)});
            continue;
        }
        std::vector<pollfd> endings;
        for (const process& one : running) endings.push_back({one.handle, POLLIN, 0});
        poll(endings.data(), endings.size(), 1000);
        for (std::size_t i = running.size(); i-- > 0;) {
            const bool ended = endings[i].revents & POLLIN;
            if (!ended && steady::now() < running[i].patience_ends) continue;
            failed += !collect(running[i], ended, limit);
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    return failed;
}

}  // namespace corpus
