#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "support/patience.hpp"
#include "support/threads.hpp"

namespace interleave {

/// Where threads of an answer wait for one another: a condition variable that knows when what they
/// wait for cannot come any more, because every other thread of the answer waits as well. No clock
/// decides, so those that are on the way are waited for on the busiest machine.
///
/// Made on the thread that calls the answer. Every member is to be called with the same mutex held,
/// from any thread.
class waiting_room {
  public:
    /// Blocks until `came()`, which is called with the lock held. False when that cannot happen any
    /// more, or when the others have used up the patience.
    template <class Predicate>
    bool wait(std::unique_lock<std::mutex>& lock, Predicate came) {
        if (came()) return true;
        enter();
        watch others;
        bool hope = true;
        while (!came() && hope) {
            if (somebody_looks_) {
                changed_.wait(lock);
            } else {
                hope = look(lock, others);
            }
        }
        leave();
        return came();
    }

    /// How many threads wait.
    std::size_t waiting() const { return inside_.size(); }

    /// To be called when what somebody waits for has come.
    void notify_all() { changed_.notify_all(); }

    /// Those that wait may all go, and are on the way from now on.
    void release() {
        inside_.clear();
        changed_.notify_all();
    }

  private:
    /// What one waiting thread has seen of the others.
    struct watch {
        patience left;
        int agreed = 0;  ///< Looks one after the other at which nobody could come.
    };

    void enter();
    void leave();

    /// Sleeps for a moment, and looks at the others without the lock. False when it is in vain. One
    /// at a time: many that look would keep the mutex from a thread that is just coming, and see it
    /// wait.
    bool look(std::unique_lock<std::mutex>& lock, watch& others);

    const bystanders others_;
    std::condition_variable changed_;
    std::vector<long> inside_;  ///< The threads that wait.
    bool somebody_looks_ = false;
    long entries_ = 0;
};

}  // namespace interleave
