#include "support/lock_step.hpp"

namespace interleave {

void lock_step::visit() {
    std::unique_lock lock(mutex_);
    ++visits_;
    if (calls_ - visits_ <= calls_ / 4) open();
    if (open_) return;

    if (room_.waiting() + 1 >= wanted_) {
        ++steps_;
        room_.release();
        return;
    }
    const long step = steps_;
    if (room_.wait(lock, [&] { return open_ || steps_ != step; })) return;
    gave_up_ = true;
    open();
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
    room_.release();
}

}  // namespace interleave
