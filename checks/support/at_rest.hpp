#pragma once
#include <sys/types.h>

#include <functional>
#include <utility>

#include "support/patience.hpp"

namespace interleave {

/// Sees when nobody does anything any more: every thread of this process but the caller's, and
/// every process that descends from it, sleeps in the kernel. Then what has not been started will
/// not be. Threads cannot be looked at all at once, so it takes two looks: one that sleeps in both
/// and was not scheduled in between slept all the time. Holds on the busiest machine, and when the
/// program is stopped for a while: looks are counted, and no clock is read. Linux only.
class at_rest {
  public:
    using processes = std::function<bool(pid_t)>;

    /// Processes that are `held` by the check itself are not looked at.
    explicit at_rest(processes held = {}) : held_(std::move(held)) {}

    /// Returns once `enough` holds, or when it never will because nobody does anything. It looks
    /// five hundred times, for the sake of answers that sleep and look again by themselves.
    void wait_for(const std::function<bool()>& enough) const { wait(enough, 500, patience()); }

    /// Returns when nobody does anything; or when those that never sleep have had their turns.
    void wait() const {
        wait([] { return false; }, 20, patience(std::chrono::seconds(1), 1'000));
    }

  private:
    void wait(const std::function<bool()>& enough, int looks, patience left) const;

    processes held_;
};

}  // namespace interleave
