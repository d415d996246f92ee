#include "support/process_gate.hpp"

#include <ctime>

namespace interleave {
namespace {

/// One look, a second long: whether the semaphore could be taken. Shorter ones would be movement in
/// the eyes of whoever waits until nothing moves.
bool taken(sem_t& turn) {
    timespec end{};
    ::clock_gettime(CLOCK_MONOTONIC, &end);
    ++end.tv_sec;
    return ::sem_clockwait(&turn, CLOCK_MONOTONIC, &end) == 0;
}

}  // namespace

process_gate::process_gate(int opened_by) : opened_by_(opened_by) {
    ::sem_init(&turn_, 1, 0);
}

process_gate::~process_gate() {
    ::sem_destroy(&turn_);
}

void process_gate::visit() {
    constexpr int looks = 5;
    if (arrived_.fetch_add(1, std::memory_order_relaxed) + 1 == opened_by_) open();
    for (int look = 0; !taken(turn_);) {
        if (++look < looks) continue;
        given_up_.store(true, std::memory_order_relaxed);
        break;
    }
    open();  // the next one's turn
}

void process_gate::open() {
    ::sem_post(&turn_);
}

}  // namespace interleave
