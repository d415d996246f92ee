#pragma once
#include <cstddef>
#include <mutex>

#include "support/waiting_room.hpp"

namespace interleave {

/// Proves that work is shared out: a check puts `visit()` into the work it hands to an answer, and
/// every call waits until `wanted` calls are in progress, so that the threads go step by step,
/// however the machine schedules them. An answer whose calls come one at a time never completes a
/// step; one whose threads run out of items long before the others stops completing steps.
///
/// The last quarter of the calls passes freely, because shares need not be equal to the item. It
/// gives up as soon as it is proven that no further call can come while these wait, or when the
/// patience is used up; from then on nobody waits. So it also proves the contrary: that `wanted`
/// calls never are in progress at once. Made on the thread that calls the answer; visits from any
/// thread.
class lock_step {
  public:
    /// `calls` visits are to come in all.
    lock_step(int wanted, long calls) : wanted_(static_cast<std::size_t>(wanted)), calls_(calls) {}

    void visit();

    /// How often `wanted` calls were in progress at the same time.
    long steps() const;

    /// Whether a call waited in vain for others to begin.
    bool gave_up() const;

  private:
    void open();  ///< With the lock held.

    const std::size_t wanted_;
    const long calls_;
    mutable std::mutex mutex_;
    waiting_room room_;     // guarded by mutex_
    long visits_ = 0;       // guarded by mutex_
    long steps_ = 0;        // guarded by mutex_
    bool open_ = false;     // guarded by mutex_
    bool gave_up_ = false;  // guarded by mutex_
};

}  // namespace interleave
