#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "support/threads.hpp"

namespace interleave {

/// Proves that work is shared out: a check puts `visit()` into the work it hands to an answer, and
/// every call waits until `wanted` calls are in progress, so that the threads go step by step,
/// however the machine schedules them. An answer whose calls come one at a time never completes a
/// step; one whose threads run out of items long before the others stops completing steps.
///
/// The last quarter of the calls passes freely, because shares need not be equal to the item. It
/// gives up as soon as it is proven that no further call can come while these wait, else after 5 s;
/// from then on nobody waits. So it also proves the contrary: that `wanted` calls never are in
/// progress at once. Made on the thread that calls the answer; visits from any thread.
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
    /// These two with the lock held.
    void wait_for_step(std::unique_lock<std::mutex>& lock);
    void open();

    const std::size_t wanted_;
    const long calls_;
    const bystanders others_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<long> inside_;  // guarded by mutex_: the threads that wait for the step
    long visits_ = 0;           // guarded by mutex_
    long steps_ = 0;            // guarded by mutex_
    bool open_ = false;         // guarded by mutex_
    bool gave_up_ = false;      // guarded by mutex_
};

}  // namespace interleave
