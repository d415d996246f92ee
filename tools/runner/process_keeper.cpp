// Everything here that runs after a fork is async-signal-safe: the process that forks has threads.

#include "runner/process_keeper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace interleave {
namespace {

void send(int report, const keeper_message& message) noexcept {
    while (write(report, &message, sizeof message) < 0 && errno == EINTR) {
    }
}

void close_between(unsigned first, unsigned last) noexcept {
    if (first > last) return;
    if (close_range(first, last, 0) == 0) return;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const auto highest = static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, 65536));
    for (unsigned fd = first; fd <= last && fd < highest; ++fd) close(static_cast<int>(fd));
}

/// Closes every descriptor that is not the run's own: what another run or a library opened in this
/// process must not live on in the keeper or reach the command.
void close_all_but(std::array<int, 6> kept) noexcept {
    std::sort(kept.begin(), kept.end());
    unsigned next = 0;
    for (const int fd : kept) {
        if (fd < 0) continue;
        const auto number = static_cast<unsigned>(fd);
        if (number > next) close_between(next, number - 1);
        next = number + 1;
    }
    close_between(next, UINT_MAX);
}

[[noreturn]] void fail(const launch& what, launch_step step) noexcept {
    const int error = errno;
    send(what.report, {.what = keeper_message::event::not_started,
                       .value = static_cast<std::int32_t>(step),
                       .error = error});
    _exit(127);
}

void set_limit(decltype(RLIMIT_CORE) which, rlim_t soft, rlim_t hard) noexcept {
    rlimit limit{};
    if (getrlimit(which, &limit) != 0) return;
    limit.rlim_max = std::min(limit.rlim_max, hard);
    limit.rlim_cur = std::min(limit.rlim_max, soft);
    setrlimit(which, &limit);
}

void stay_on_one_processor() noexcept {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (int each = 0; each < CPU_SETSIZE; ++each) {
        if (!CPU_ISSET(each, &allowed)) continue;
        CPU_ZERO(&allowed);
        CPU_SET(each, &allowed);
        sched_setaffinity(0, sizeof allowed, &allowed);
        return;
    }
}

[[noreturn]] void become_command(const launch& what) noexcept {
    setpgid(0, 0);
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);

    if (dup2(what.in, 0) < 0 || dup2(what.out, 1) < 0 || dup2(what.err, 2) < 0 ||
        (what.events >= 0 && dup2(what.events, events_descriptor) < 0)) {
        fail(what, launch_step::streams);
    }
    if (what.directory != nullptr && chdir(what.directory) != 0) {
        fail(what, launch_step::directory);
    }
    set_limit(RLIMIT_CORE, 0, 0);
    set_limit(RLIMIT_CPU, what.cpu_seconds, what.cpu_seconds + 5);
    if (what.one_processor) stay_on_one_processor();
    if (!what.address_space_randomised) {
        const int now = personality(0xffffffff);
        if (now < 0 || personality(static_cast<unsigned>(now) | ADDR_NO_RANDOMIZE) < 0) {
            fail(what, launch_step::randomisation);
        }
    }
    execve(what.path, what.arguments, what.environment);
    fail(what, launch_step::execute);
}

/// Sends SIGKILL to each child of this process. False when the kernel does not list them.
bool kill_children() noexcept {
    const int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return false;
    char buffer[4096];
    pid_t child = 0;
    for (ssize_t got = 0; (got = read(list, buffer, sizeof buffer)) > 0;) {
        for (ssize_t i = 0; i < got; ++i) {
            if (buffer[i] >= '0' && buffer[i] <= '9') {
                child = child * 10 + (buffer[i] - '0');
            } else if (child != 0) {
                kill(child, SIGKILL);
                child = 0;
            }
        }
    }
    if (child != 0) kill(child, SIGKILL);
    close(list);
    return true;
}

class keeper {
  public:
    keeper(const launch& what, int child_signals) noexcept : what_(what), signals_(child_signals) {}

    /// Starts the command and waits until it has ended or nobody wants it any more.
    void run() noexcept {
        command_ = fork();
        if (command_ == 0) become_command(what_);
        if (command_ < 0) fail(what_, launch_step::fork);
        setpgid(command_, command_);  // whoever is first, the parent or the child
        send(what_.report, {.what = keeper_message::event::started, .value = command_});
        close(what_.in);
        close(what_.out);
        close(what_.err);
        if (what_.events >= 0) close(what_.events);

        bool wanted = true;
        while (wanted && !ended_) {
            pollfd waits[] = {{what_.control, POLLIN, 0}, {signals_, POLLIN, 0}};
            poll(waits, 2, -1);
            wanted = waits[0].revents == 0;
            if (waits[1].revents != 0) reap();
        }
    }

    /// Ends every descendant. One that dies hands its own children to this process, so that they
    /// are found in the next round.
    void end_everybody() noexcept {
        if (!ended_) kill(-command_, SIGKILL);
        while (true) {
            const bool listed = kill_children();
            if (!reap()) return;
            if (!listed && ended_) return;
            pollfd wait{signals_, POLLIN, 0};
            poll(&wait, 1, 5);
        }
    }

    void report() const noexcept {
        rusage used{};
        getrusage(RUSAGE_CHILDREN, &used);
        const auto microseconds = [](const timeval& time) {
            return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
        };
        send(what_.report,
             {.what = keeper_message::event::ended,
              .value = status_,
              .cpu_microseconds = microseconds(used.ru_utime) + microseconds(used.ru_stime)});
    }

  private:
    /// Collects the children that have ended; false when there are none left at all.
    bool reap() noexcept {
        signalfd_siginfo ignored;
        while (read(signals_, &ignored, sizeof ignored) > 0) {
        }
        while (true) {
            siginfo_t info{};
            if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return false;
            if (info.si_pid == 0) return true;
            // While it is unburied, no other process can have got its number.
            if (info.si_pid == command_ && !ended_) kill(-command_, SIGKILL);
            int status = 0;
            waitpid(info.si_pid, &status, 0);
            if (info.si_pid == command_ && !ended_) {
                status_ = status;
                ended_ = true;
            }
        }
    }

    const launch& what_;
    int signals_;
    pid_t command_ = -1;
    bool ended_ = false;
    int status_ = 0;
};

[[noreturn]] void keep(const launch& what) noexcept {
    setpgid(0, 0);  // an interrupt from the terminal is for the process that shows the results
    prctl(PR_SET_NAME, "interleave-keep");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    close_all_but({what.in, what.out, what.err, what.events, what.report, what.control});
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &standard, nullptr);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) fail(what, launch_step::streams);
    keeper self(what, signals);
    self.run();
    self.end_everybody();
    self.report();
    _exit(0);
}

}  // namespace

pid_t start_keeper(const launch& what) {
    // The keeper handles no signal: no handler of this process may run in it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t keeper = fork();
    if (keeper == 0) keep(what);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return keeper;
}

}  // namespace interleave
