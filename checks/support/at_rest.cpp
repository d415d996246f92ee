#include "support/at_rest.hpp"

#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

#include "support/process_tree.hpp"

namespace interleave {

void at_rest::wait(const std::function<bool()>& enough, int looks, patience left) const {
    auto last = process_tree_look::at(::getpid(), held_);
    for (int unchanged = 0; unchanged < looks && !enough();) {
        // Not to let anything happen: only to leave the processor to those that are looked at.
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        auto now = process_tree_look::at(::getpid(), held_);
        if (!left.lasts(now.asleep, now.used)) return;
        const bool rested = now.asleep && last.asleep && now.scheduled == last.scheduled;
        unchanged = rested ? unchanged + 1 : 0;
        last = std::move(now);
    }
}

}  // namespace interleave
