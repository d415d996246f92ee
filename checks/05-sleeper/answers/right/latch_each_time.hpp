// right: A latch for each time, kept alive by those who wait at it.
#pragma once

#include <latch>
#include <memory>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        if (!latch_->try_wait()) latch_->count_down();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() { current()->wait(); }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        for (;;) {
            const auto mine = current();
            mine->wait();
            std::lock_guard lock(mutex_);
            if (latch_ != mine) continue;  // another thread has taken it
            latch_ = std::make_shared<std::latch>(1);
            return;
        }
    }

  private:
    std::shared_ptr<std::latch> current() {
        std::lock_guard lock(mutex_);
        return latch_;
    }

    std::mutex mutex_;
    std::shared_ptr<std::latch> latch_ = std::make_shared<std::latch>(1);  // guarded by mutex_
};

}  // namespace lesson
