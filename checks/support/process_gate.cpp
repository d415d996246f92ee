#include "support/process_gate.hpp"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <string>

#include "support/census.hpp"
#include "support/patience.hpp"
#include "support/threads.hpp"

namespace interleave {
namespace {

census look_at_others(pid_t maker) {
    census seen;
    seen.look_at_tree(std::to_string(maker), thread_id());
    return seen;
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
        const census before = look_at_others(maker_);
        const census now = look_at_others(maker_);
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
