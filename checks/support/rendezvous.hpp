#pragma once
#include <algorithm>
#include <mutex>

#include "support/waiting_room.hpp"

namespace interleave {

/// Proves that calls overlap: a check puts `visit()` into the work it hands to an answer, and the
/// first `wanted` visitors wait for one another. Work that runs one call at a time never meets.
///
/// Calls that do overlap meet on the busiest machine, because a visitor waits until nobody can come
/// any more; once one visitor has given up nobody waits again. Made on the thread that calls the
/// answer; visits from any thread.
class rendezvous {
  public:
    explicit rendezvous(int wanted) : wanted_(wanted) {}

    void visit() {
        std::unique_lock lock(mutex_);
        most_ = std::max(most_, ++here_);
        if (here_ >= wanted_) {
            met_ = true;
            room_.release();
        } else if (!met_ && !given_up_) {
            if (!room_.wait(lock, [this] { return met_ || given_up_; })) {
                given_up_ = true;
                room_.release();
            }
        }
        --here_;
    }

    /// Whether `wanted` calls have been inside visit() at once.
    bool met() const {
        std::lock_guard lock(mutex_);
        return met_;
    }

    /// The most calls that were inside visit() at once.
    int most() const {
        std::lock_guard lock(mutex_);
        return most_;
    }

  private:
    const int wanted_;
    mutable std::mutex mutex_;
    waiting_room room_;      // guarded by mutex_
    int here_ = 0;           // guarded by mutex_
    int most_ = 0;           // guarded by mutex_
    bool met_ = false;       // guarded by mutex_
    bool given_up_ = false;  // guarded by mutex_
};

}  // namespace interleave
