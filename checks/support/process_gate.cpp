#include "support/process_gate.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "support/patience.hpp"
#include "support/threads.hpp"

namespace interleave {
namespace {

// A process forked from one with threads may find the heap locked for ever: nothing here uses it.

template <std::size_t Size>
std::string_view contents(const char* path, char (&buffer)[Size]) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    const ssize_t size = ::read(file, buffer, Size - 1);
    ::close(file);
    buffer[size > 0 ? size : 0] = '\0';
    return {buffer, static_cast<std::size_t>(size > 0 ? size : 0)};
}

/// What the threads of a process and of those that descend from it are doing, but for the caller.
struct family {
    bool asleep = true;
    long slices = 0;  ///< How often they have been given a processor.
    std::chrono::nanoseconds used{0};

    void look_at_process(long process);  // NOLINT(misc-no-recursion): a family is a tree

  private:
    void look_at_thread(long process, long thread);
};

void family::look_at_thread(long process, long thread) {
    char path[96];
    char text[512];
    if (thread != thread_id()) {
        std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/stat", process, thread);
        const std::string_view stat = contents(path, text);
        const std::size_t name_end = stat.rfind(") ");
        if (name_end != std::string_view::npos) {
            const char state = stat[name_end + 2];
            if (state != 'S' && state != 'Z' && state != 'X') asleep = false;
        }
        std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/schedstat", process, thread);
        contents(path, text);
        long long run = 0;
        long long waited = 0;
        long given = 0;
        if (std::sscanf(text, "%lld %lld %ld", &run, &waited, &given) == 3) {
            slices += given;
            used += std::chrono::nanoseconds(run);
        }
    }
    std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", process, thread);
    char* rest = text;
    contents(path, text);
    for (long child; (child = std::strtol(rest, &rest, 10)) > 0;) look_at_process(child);
}

void family::look_at_process(long process) {
    struct entry {
        std::uint64_t node;
        std::int64_t next;
        unsigned short size;
        unsigned char type;
        char name[1];
    };
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%ld/task", process);
    const int folder = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    alignas(entry) char entries[2048];
    for (long size; (size = ::syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0;) {
        for (long at = 0; at < size;) {
            const auto* each = reinterpret_cast<const entry*>(entries + at);
            if (const long thread = std::strtol(each->name, nullptr, 10); thread > 0) {
                look_at_thread(process, thread);
            }
            at += each->size;
        }
    }
    ::close(folder);
}

/// Waits for a second or longer: whether the semaphore could be taken. Shorter waits would be
/// movement in the eyes of whoever waits until nothing moves, and calls that all wait for the same
/// time would wake together and see each other move.
bool taken(sem_t& turn, int call) {
    timespec end{};
    ::clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += 1;
    end.tv_nsec += call % 16 * 50'000'000L;
    if (end.tv_nsec >= 1'000'000'000L) {
        end.tv_sec += 1;
        end.tv_nsec -= 1'000'000'000L;
    }
    return ::sem_clockwait(&turn, CLOCK_MONOTONIC, &end) == 0;
}

}  // namespace

process_gate::process_gate(int opened_by) : opened_by_(opened_by), maker_(::getpid()) {
    ::sem_init(&turn_, 1, 0);
}

process_gate::~process_gate() {
    ::sem_destroy(&turn_);
}

void process_gate::visit() {
    patience left(std::chrono::seconds(10), 5);
    const int call = arrived_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (call == opened_by_) open();
    while (!taken(turn_, call)) {
        family before;
        before.look_at_process(maker_);
        family now;
        now.look_at_process(maker_);
        const bool at_rest = before.asleep && now.asleep && before.slices == now.slices;
        if (left.lasts(at_rest, now.used)) continue;
        given_up_.store(true, std::memory_order_relaxed);
        break;
    }
    open();  // the next one's turn
}

void process_gate::open() {
    ::sem_post(&turn_);
}

}  // namespace interleave
