// Plain stress: one wrong program again and again on real threads, without any instrumentation,
// for a second at a time. Prints in how many of ten such seconds it went wrong in a way that
// anybody would notice: a false EXPECT, a crash, or a stand-still.
//
// usage: stress_bench NUMBER (in the list of standard bugs)

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

#include "interleave/explore.hpp"
#include "standard_bugs.hpp"

namespace {

/// Sleeps for so many milliseconds, or until the process ends: then true.
bool ends_within(int handle, int milliseconds) {
    pollfd ending{handle, POLLIN, 0};
    return poll(&ending, 1, milliseconds) == 1;
}

/// `executions` lies in memory that parent and child share.
bool goes_wrong_within_a_second(void (*body)(), std::atomic<long>& executions) {
    const pid_t child = fork();
    if (child == 0) {
        interleave::options how;
        how.executions = 1;
        for (;;) {
            if (interleave::explore(body, how).failed) _exit(1);
            executions.fetch_add(1);
        }
    }
    if (child < 0) {  // kill(-1) would end every process there is
        std::perror("stress_bench: no further process");
        std::exit(1);
    }
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    bool wrong = ends_within(handle, 1000);
    if (!wrong) {
        // Still running. It stands still if not one execution ends in another two seconds.
        const long before = executions.load();
        wrong = ends_within(handle, 2000) || executions.load() == before;
        kill(child, SIGKILL);
    }
    close(handle);
    waitpid(child, nullptr, 0);
    return wrong;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<corpus::program> bugs = bench::standard_bugs();
    const std::size_t number = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
    if (number < 1 || number > bugs.size()) {
        std::fprintf(stderr, "usage: stress_bench NUMBER, from 1 to %zu\n", bugs.size());
        return 2;
    }
    void* shared = mmap(nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        std::perror("stress_bench: no shared memory");
        return 1;
    }
    auto& executions = *new (shared) std::atomic<long>(0);
    int wrong = 0;
    for (int i = 0; i < 10; ++i) {
        if (goes_wrong_within_a_second(bugs[number - 1].body, executions)) ++wrong;
    }
    std::printf("%d/10\n", wrong);
}
