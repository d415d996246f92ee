#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "interleave/explore.hpp"

using interleave::explore;
using interleave::failure;

TEST_CASE("a long execution gets few replays to make its schedule shorter") {
    const auto take_turns = [] {
        std::atomic<int> last = 0, turns = 0;
        const auto play = [&](int me) {
            for (int i = 0; i < 5'000; ++i)
                if (last.exchange(me) != me) ++turns;
        };
        std::thread one(play, 1), other(play, 2);
        one.join();
        other.join();
        EXPECT(turns < 1'000);
    };
    interleave::options how;
    how.search = interleave::strategy::random;
    how.max_steps = 50'000;
    const auto r = explore(take_turns, how);
    REQUIRE(r.kind == failure::wrong_result);
    CHECK(r.replays > 100);
    CHECK(r.replays <= 1'000);  // ten million steps in all
}
