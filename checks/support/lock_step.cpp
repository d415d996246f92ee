#include "support/lock_step.hpp"

#include <chrono>

namespace interleave {

namespace {

constexpr std::chrono::milliseconds look_round{1};
constexpr int patience = 5'000;

/// One look sees the threads one after another; they stand still when several looks agree.
constexpr int looks_that_agree = 3;

}  // namespace

void lock_step::visit() {
    std::unique_lock lock(mutex_);
    ++visits_;
    if (calls_ - visits_ <= calls_ / 4) open();
    if (open_) return;

    inside_.push_back(thread_id());
    if (inside_.size() < wanted_) {
        wait_for_step(lock);
        return;
    }
    inside_.clear();  // whoever waits may go, and is on the way from now on
    ++steps_;
    changed_.notify_all();
}

void lock_step::wait_for_step(std::unique_lock<std::mutex>& lock) {
    const long step = steps_;
    const auto may_go = [&] { return open_ || steps_ != step; };
    int agreed = 0;
    for (int looks = 0; !changed_.wait_for(lock, look_round, may_go); ++looks) {
        const long visits = visits_;
        const auto inside = inside_;
        lock.unlock();  // a thread that is just coming must not be seen waiting for this lock
        const bool none_will_come = others_.all_wait_except(inside);
        lock.lock();
        if (may_go()) return;
        agreed = none_will_come && visits == visits_ ? agreed + 1 : 0;
        if (agreed < looks_that_agree && looks < patience) continue;
        gave_up_ = true;
        open();
    }
}

long lock_step::steps() const {
    std::lock_guard lock(mutex_);
    return steps_;
}

bool lock_step::gave_up() const {
    std::lock_guard lock(mutex_);
    return gave_up_;
}

void lock_step::open() {
    open_ = true;
    changed_.notify_all();
}

}  // namespace interleave
