#pragma once
#include <chrono>
#include <map>
#include <string>

namespace interleave {

/// What some threads were doing at one look. Threads cannot be looked at all at once, so it takes
/// two looks to tell that they rest: who sleeps in both and was not scheduled in between slept all
/// the time, and so at the moment between the looks all slept. That holds on the busiest machine.
/// One thread.
struct census {
    bool asleep = true;                    ///< Each of them sleeps in the kernel, or has ended.
    std::map<long, std::string> switches;  ///< By thread: how often it has given up a processor.
    std::chrono::nanoseconds used{0};      ///< The processor time of all of them together.

    /// Looks at one more thread: its folder is `/proc/PROCESS/task/THREAD`. One that cannot be
    /// looked at may be awake.
    void look_at(const std::string& folder, long thread);

    /// Whether nobody did anything between the earlier look and this one.
    bool rests_since(const census& earlier) const {
        return earlier.asleep && asleep && earlier.switches == switches;
    }
};

}  // namespace interleave
