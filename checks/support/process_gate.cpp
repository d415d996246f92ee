#include "support/process_gate.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "support/patience.hpp"
#include "support/process_tree.hpp"
#include "support/threads.hpp"

namespace interleave {
namespace {

// A process forked from one with threads may find the heap locked for ever: nothing here uses it.

/// What can be read of a file, ended by a zero.
template <std::size_t Size>
std::string_view contents(const char* path, char (&buffer)[Size]) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = file < 0 ? 0 : ::read(file, buffer, Size - 1);
    if (file >= 0) ::close(file);
    buffer[size > 0 ? size : 0] = '\0';
    return {buffer, static_cast<std::size_t>(size > 0 ? size : 0)};
}

/// What the threads of a process and of those that descend from it are doing, but for the caller.
struct family {
    bool asleep = true;
    long slices = 0;  ///< How often they have been given a processor.
    std::chrono::nanoseconds used{0};

    explicit family(long process) {
        const long caller = thread_id();
        const auto look = [&](long of, long thread) {
            if (thread != caller) look_at(of, thread);
        };
        if (!for_each_thread_in_tree(process, look)) asleep = false;
    }

    /// Whether nobody did anything between the earlier look and this one.
    bool rests_since(const family& earlier) const {
        return earlier.asleep && asleep && earlier.slices == slices;
    }

  private:
    void look_at(long process, long thread) {
        char path[96];
        char text[512];
        std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/stat", process, thread);
        const std::string_view stat = contents(path, text);
        const std::size_t name_end = stat.rfind(") ");
        const char state = name_end == std::string_view::npos ? '?' : stat[name_end + 2];
        if (state != 'S' && state != 'Z' && state != 'X') asleep = false;
        std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/schedstat", process, thread);
        long long run = 0;
        long given = 0;
        if (std::sscanf(contents(path, text).data(), "%lld %*d %ld", &run, &given) == 2) {
            slices += given;
            used += std::chrono::nanoseconds(run);
        }
    }
};

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
        const family before(maker_);
        const family now(maker_);
        if (left.lasts(now.rests_since(before), now.used)) continue;
        given_up_.store(true, std::memory_order_relaxed);
        break;
    }
    open();  // the next one's turn
}

void process_gate::open() {
    ::sem_post(&turn_);
}

}  // namespace interleave
