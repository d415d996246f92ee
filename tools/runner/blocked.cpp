#include "runner/blocked.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "runner/process_tree.hpp"

namespace interleave {
namespace {

using process_tree::read_file;

std::string task_file(pid_t process, pid_t thread, const char* name) {
    return "/proc/" + std::to_string(process) + "/task/" + std::to_string(thread) + "/" + name;
}

/// A system call under way: its number, -1 for none, and its arguments.
struct system_call {
    long number = -1;
    std::array<std::uint64_t, 6> arguments{};
};

system_call parse_call(const std::string& text) {
    system_call call;
    char* cursor = nullptr;
    const long number = std::strtol(text.c_str(), &cursor, 10);
    if (cursor == text.c_str()) return call;  // "running"
    for (std::uint64_t& argument : call.arguments) {
        char* after = nullptr;
        argument = std::strtoull(cursor, &after, 16);
        if (after == cursor) return call;  // "-1 sp pc": asleep outside any call
        cursor = after;
    }
    call.number = number;
    return call;
}

bool sleeps(const system_call& call) {
    return call.number == SYS_nanosleep || call.number == SYS_clock_nanosleep;
}

system_call call_of(pid_t process, pid_t thread) {
    return parse_call(read_file(task_file(process, thread, "syscall")));
}

/// The call of a thread that sleeps but for moments, looked at until it is in one. A sanitizer's
/// helper wakes many times a second, and on a busy machine then waits for a processor.
system_call call_off_processor(pid_t process, pid_t thread) {
    constexpr int most_looks = 200;
    system_call call = call_of(process, thread);
    for (int looks = 1; call.number == -1 && looks < most_looks; ++looks) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // between two looks
        call = call_of(process, thread);
    }
    return call;
}

/// A futex wait without a time limit.
struct futex_wait {
    std::uintptr_t address = 0;
    std::uint32_t expected = 0;
    int operation = 0;
    bool private_memory = false;
};

std::optional<futex_wait> untimed_futex_wait(const system_call& call) {
    if (call.number != SYS_futex || call.arguments[3] != 0) return {};
    const auto flags = static_cast<int>(call.arguments[1]);
    const int operation = flags & FUTEX_CMD_MASK;
    constexpr int lock_pi2 = 13;  // not in every linux/futex.h
    constexpr std::array waits{FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_LOCK_PI, lock_pi2,
                               FUTEX_WAIT_REQUEUE_PI};
    if (std::find(waits.begin(), waits.end(), operation) == waits.end()) return {};
    return futex_wait{.address = call.arguments[0],
                      .expected = static_cast<std::uint32_t>(call.arguments[2]),
                      .operation = operation,
                      .private_memory = (flags & FUTEX_PRIVATE_FLAG) != 0};
}

/// Whether an address lies in memory of this process alone, which no other process can wake it by.
bool is_private_mapping(pid_t process, std::uintptr_t address) {
    const std::string maps = read_file("/proc/" + std::to_string(process) + "/maps");
    for (std::size_t at = 0; at < maps.size();) {
        char* cursor = nullptr;
        const std::uint64_t begin = std::strtoull(maps.c_str() + at, &cursor, 16);
        if (*cursor != '-') return false;
        const std::uint64_t end = std::strtoull(cursor + 1, &cursor, 16);
        if (address >= begin && address < end) return std::strncmp(cursor, " rw-p", 5) == 0;
        const std::size_t line_end = maps.find('\n', at);
        if (line_end == std::string::npos) return false;
        at = line_end + 1;
    }
    return false;
}

/// Whether a signal could have a handler run that wakes a thread. The handlers of a test program
/// (crash, interrupt, SIGUSR2 for the stack) and of glibc (32, 33) do not.
bool signals_may_wake(std::uint64_t caught) {
    std::uint64_t harmless = 0;
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
                             SIGSEGV, SIGUSR2, SIGPIPE, SIGTERM, SIGXCPU, SIGSYS, 32, 33}) {
        harmless |= std::uint64_t{1} << (signal - 1);
    }
    return (caught & ~harmless) != 0;
}

template <typename T>
std::optional<T> read_memory(pid_t process, std::uintptr_t address) {
    T value{};
    iovec here{&value, sizeof value};
    // The address is another process's: nothing here may be optimized by it.
    iovec there{reinterpret_cast<void*>(address),  // NOLINT(performance-no-int-to-ptr)
                sizeof value};
    if (process_vm_readv(process, &here, 1, &there, 1, 0) != sizeof value) return {};
    return value;
}

/// The beginning of glibc's pthread_mutex_t on 64-bit machines.
struct mutex_words {
    std::uint32_t lock;
    std::uint32_t count;
    std::int32_t owner;
};

/// glibc waits for a plain mutex with FUTEX_WAIT for the value 2, "locked with waiters"; for a
/// priority-inheriting one the lock word names the owner.
std::optional<pid_t> mutex_owner(pid_t process, const futex_wait& wait) {
    const auto words = read_memory<mutex_words>(process, wait.address);
    if (!words || words->lock == 0) return {};
    if (wait.operation == FUTEX_WAIT && wait.expected == 2 && words->lock == 2) {
        return words->owner;
    }
    if (wait.operation != FUTEX_WAIT && wait.operation != FUTEX_WAIT_BITSET) {
        return static_cast<pid_t>(words->lock & FUTEX_TID_MASK);
    }
    return {};
}

/// pthread_join waits for the kernel to clear the thread's own id, in memory not marked private.
std::optional<pid_t> joined_thread(pid_t process, const futex_wait& wait) {
    if (wait.private_memory) return {};
    const auto word = read_memory<std::uint32_t>(process, wait.address);
    if (!word || *word == 0 || *word != wait.expected) return {};
    return static_cast<pid_t>(*word);
}

std::string name_of(long number) {
    switch (number) {
        case -1:
            return "running";
        case SYS_futex:
            return "futex";
        case SYS_read:
            return "read";
        case SYS_write:
            return "write";
        case SYS_readv:
            return "readv";
        case SYS_ppoll:
            return "ppoll";
        case SYS_pselect6:
            return "pselect";
        case SYS_epoll_pwait:
            return "epoll_wait";
        case SYS_recvfrom:
            return "recv";
        case SYS_recvmsg:
            return "recvmsg";
        case SYS_sendto:
            return "send";
        case SYS_accept:
        case SYS_accept4:
            return "accept";
        case SYS_connect:
            return "connect";
        case SYS_nanosleep:
        case SYS_clock_nanosleep:
            return "nanosleep";
        case SYS_wait4:
            return "waitpid";
        case SYS_waitid:
            return "waitid";
        case SYS_rt_sigtimedwait:
            return "sigwait";
        case SYS_rt_sigsuspend:
            return "sigsuspend";
#ifdef SYS_poll
        case SYS_poll:
            return "poll";
#endif
#ifdef SYS_select
        case SYS_select:
            return "select";
#endif
#ifdef SYS_epoll_wait
        case SYS_epoll_wait:
            return "epoll_wait";
#endif
#ifdef SYS_pause
        case SYS_pause:
            return "pause";
#endif
        default:
            return "system call " + std::to_string(number);
    }
}

}  // namespace

std::optional<std::vector<blocked_watch::wait>> blocked_watch::all_waits() {
    std::vector<wait> waits;
    const std::vector<pid_t> all = process_tree::threads(process_);
    for (const pid_t thread : all) {
        if (helper_ != 0 && thread == helper_) continue;
        // The order matters: the kernel shows a call only of a thread that is off the processor,
        // and a count read after it changes when the thread goes on.
        std::string text = read_file(task_file(process_, thread, "syscall"));
        const auto status = process_tree::read_thread(process_, thread);
        if (has_helper_ && helper_ == 0 && thread == all[1] && thread != process_ && status &&
            sleeps(parse_call(text)) && process_tree::blocks_every_signal(*status)) {
            helper_ = thread;
            continue;
        }
        if (!untimed_futex_wait(parse_call(text))) return {};
        if (!status || status->state != 'S' || signals_may_wake(status->caught)) return {};
        waits.push_back({thread, status->switches, std::move(text)});
    }
    return waits;
}

blocked_watch::finding blocked_watch::look() {
    auto waits = all_waits();
    if (!waits || waits->empty()) {
        last_.clear();
        return finding::awake;
    }
    const bool same = *waits == last_;
    last_ = std::move(*waits);
    if (!same) return finding::asleep;
    for (const wait& each : last_) {
        const auto wait = untimed_futex_wait(parse_call(each.call));
        if (!wait->private_memory && !is_private_mapping(process_, wait->address)) {
            return finding::awake;
        }
    }
    if (!read_file("/proc/" + std::to_string(process_) + "/timers").empty()) return finding::awake;
    return finding::proven;
}

std::vector<blocked_thread> inspect_threads(pid_t process) {
    std::vector<blocked_thread> threads;
    for (const pid_t id : process_tree::threads(process)) {
        const auto status = process_tree::read_thread(process, id);
        if (!status || status->state == 'Z' || status->state == 'X') continue;
        const bool may_be_helper = id != process && process_tree::blocks_every_signal(*status);
        const system_call call =
            may_be_helper ? call_off_processor(process, id) : call_of(process, id);
        if (may_be_helper && sleeps(call)) continue;
        blocked_thread thread{.id = status->inner,
                              .main = id == process,
                              .call = name_of(call.number),
                              .futex = 0,
                              .owner = {},
                              .joins = {},
                              .stack = {},
                              .later_stacks = {}};
        if (const auto wait = untimed_futex_wait(call)) {
            thread.futex = wait->address;
            thread.owner = mutex_owner(process, *wait);
            thread.joins = joined_thread(process, *wait);
        }
        threads.push_back(std::move(thread));
    }
    // An id read from memory counts only when it is a thread's.
    const auto drop_unknown = [&](std::optional<pid_t>& id) {
        const bool known = id && std::any_of(threads.begin(), threads.end(),
                                             [&](const auto& other) { return other.id == *id; });
        if (!known) id.reset();
    };
    for (blocked_thread& thread : threads) {
        drop_unknown(thread.owner);
        drop_unknown(thread.joins);
    }
    return threads;
}

}  // namespace interleave
