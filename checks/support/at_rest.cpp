#include "support/at_rest.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "support/census.hpp"
#include "support/patience.hpp"
#include "support/process_tree.hpp"
#include "support/threads.hpp"

namespace interleave {
namespace {

/// At the threads of this process and of all that descend from it, but not at the caller.
census look() {
    census seen;
    const long caller = thread_id();
    const bool all = for_each_thread_in_tree(::getpid(), [&](long process, long thread) {
        if (thread == caller) return;
        seen.look_at("/proc/" + std::to_string(process) + "/task/" + std::to_string(thread),
                     thread);
    });
    if (!all) seen.asleep = false;
    return seen;
}

/// `quiet` is the number of looks, one after the other, at which nobody has done anything.
void wait_until(const std::function<bool()>& enough, int quiet, patience left) {
    census last = look();
    for (int looks = 0; looks < quiet && !enough();) {
        // Not to let anything happen: only to leave the processor to those that are looked at.
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        census now = look();
        looks = now.rests_since(last) ? looks + 1 : 0;
        if (!left.lasts(now.asleep, now.used)) return;
        last = std::move(now);
    }
}

}  // namespace

void at_rest::wait_for(const std::function<bool()>& enough) {
    wait_until(enough, 400, patience(std::chrono::seconds(2), 8'000));
}

void at_rest::wait() {
    wait_until([] { return false; }, 20, patience(std::chrono::milliseconds(500), 1'000));
}

}  // namespace interleave
