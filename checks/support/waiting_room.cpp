#include "support/waiting_room.hpp"

#include <chrono>

namespace interleave {

namespace {

constexpr std::chrono::milliseconds look_round{1};

/// One look sees the threads one after another; they stand still when several looks agree.
constexpr int looks_that_agree = 3;

}  // namespace

void waiting_room::enter() {
    inside_.push_back(thread_id());
    ++entries_;
}

void waiting_room::leave() {
    std::erase(inside_, thread_id());
    changed_.notify_one();  // who may have to look from now on
}

bool waiting_room::look(std::unique_lock<std::mutex>& lock, watch& others) {
    somebody_looks_ = true;
    const long entries = entries_;
    const auto inside = inside_;
    bool hope = true;
    if (changed_.wait_for(lock, look_round) == std::cv_status::timeout) {
        lock.unlock();  // a thread that is just coming must not be seen waiting for this lock
        const bool none_will_come = others_.all_wait_except(inside);
        const bool lasts = others.left.lasts(others_.all_sleep_except(inside),
                                             others_.processor_time_except(inside));
        lock.lock();
        others.agreed = none_will_come && entries == entries_ ? others.agreed + 1 : 0;
        hope = lasts && others.agreed < looks_that_agree;
    }
    somebody_looks_ = false;
    return hope;
}

}  // namespace interleave
