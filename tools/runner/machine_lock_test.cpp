#include "runner/machine_lock.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <latch>
#include <shared_mutex>
#include <thread>

using interleave::machine_lock;

TEST_CASE("stages that may run side by side hold the machine together") {
    machine_lock machine;
    std::latch both(2);
    const auto stage = [&] {
        std::shared_lock beside_others(machine);
        both.arrive_and_wait();  // neither would get here if the other kept it out
    };
    std::jthread one(stage);
    std::jthread two(stage);
}

TEST_CASE("who wants the machine alone has it although others keep coming") {
    machine_lock machine;
    std::atomic<bool> had_it = false;
    std::atomic<int> inside = 0;
    std::atomic<int> inside_when_alone = -1;
    const auto keeps_coming = [&] {
        while (!had_it) {
            std::shared_lock beside_others(machine);
            ++inside;
            // Until the next one is in, so that there is never a moment without anybody.
            for (int i = 0; i < 1000 && inside < 2 && !had_it; ++i) std::this_thread::yield();
            --inside;
        }
    };
    std::jthread one(keeps_coming);
    std::jthread two(keeps_coming);
    {
        std::unique_lock alone(machine);
        inside_when_alone = inside.load();
        had_it = true;
    }
    CHECK(inside_when_alone == 0);
}
