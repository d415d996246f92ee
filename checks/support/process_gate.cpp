#include "support/process_gate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include "support/patience.hpp"
#include "support/process_tree.hpp"

namespace interleave {

namespace {

/// Waits for as long as one look is apart from the next.
bool turn_came(sem_t& turn) {
    constexpr long look_round = 5'000'000;
    timespec until{};
    ::clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += look_round;
    if (until.tv_nsec >= 1'000'000'000) {
        until.tv_nsec -= 1'000'000'000;
        ++until.tv_sec;
    }
    int failed = 0;
    do {
        failed = ::sem_clockwait(&turn, CLOCK_MONOTONIC, &until);
    } while (failed != 0 && errno == EINTR);
    return failed == 0;
}

}  // namespace

process_gate::process_gate(int opened_by) : opened_by_(opened_by), program_(::getpid()) {
    ::sem_init(&turn_, 1, 0);
}

void process_gate::visit() {
    const int place = arrived_.fetch_add(1, std::memory_order_relaxed);
    if (place + 1 == opened_by_) open();
    auto& held = held_[static_cast<std::size_t>(place) % held_.size()];
    held.store(::getpid(), std::memory_order_relaxed);
    if (!wait_for_turn()) given_up_.store(true, std::memory_order_relaxed);
    held.store(0, std::memory_order_relaxed);
    ::sem_post(&turn_);  // the next one's turn
}

bool process_gate::wait_for_turn() {
    // Long enough for an answer that itself sleeps for a moment and looks again.
    constexpr int looks_that_agree = 200;
    patience left(std::chrono::seconds(5), 1'000);
    process_tree_look last;
    for (int unchanged = 0; !turn_came(turn_);) {
        auto now =
            process_tree_look::at(program_, [this](pid_t process) { return holds(process); });
        const bool rested = now.asleep && last.asleep && now.scheduled == last.scheduled;
        unchanged = rested ? unchanged + 1 : 0;
        if (unchanged == looks_that_agree || !left.lasts(now.asleep, now.used)) return false;
        last = std::move(now);
    }
    return true;
}

bool process_gate::holds(pid_t process) const {
    return std::any_of(held_.begin(), held_.end(), [process](const std::atomic<pid_t>& each) {
        return each.load(std::memory_order_relaxed) == process;
    });
}

}  // namespace interleave
