#include "support/threads_since.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "support/threads.hpp"

namespace interleave {

threads_since::threads_since() : before_(thread_ids()) {}

bool threads_since::wait_until_at_rest(patience left) const {
    census last = look();
    for (;;) {
        // Only to leave the processor to those that are looked at.
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        census now = look();
        if (now.rests_since(last)) return true;
        if (!left.lasts(now.asleep, now.used)) return false;
        last = std::move(now);
    }
}

census threads_since::look() const {
    census seen;
    for (const long thread : thread_ids()) {
        if (std::find(before_.begin(), before_.end(), thread) != before_.end()) continue;
        seen.look_at("/proc/self/task/" + std::to_string(thread), thread);
    }
    return seen;
}

}  // namespace interleave
