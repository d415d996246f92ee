// What a story calls the objects that the threads share.

#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "interleave/explore.hpp"

using interleave::failure;

namespace {

/// A step of the story is about the object of this name.
bool is_told(const interleave::result& r, const std::string& object) {
    return std::any_of(r.story.events.begin(), r.story.events.end(),
                       [&](const auto& e) { return e.object == object; });
}

// A name that is the code of a type as well: of "long long".
int x = 0;
std::mutex forks[3];
struct seat {
    int taken = 0, wanted = 0;
} seats[3];
int meals[3];

}  // namespace

TEST_CASE("a variable with a short name is called by it") {
    const auto r = interleave::explore([] {
        std::thread other([] { x = 1; });
        const int seen = x;
        other.join();
        EXPECT(seen == 1);
    });
    REQUIRE(r.kind == failure::wrong_result);
    CHECK(r.story.text.find("reads 0 from x") != std::string::npos);
    CHECK(r.story.text.find("writes 1 to x") != std::string::npos);
}

TEST_CASE("an element of a global array is called by its number") {
    const auto deadlock = interleave::explore([] {
        const auto dine = [](int left, int right) {
            const std::lock_guard first(forks[left]);
            const std::lock_guard second(forks[right]);
        };
        std::thread a(dine, 0, 2), b(dine, 2, 0);
        a.join();
        b.join();
    });
    REQUIRE(deadlock.kind == failure::deadlock);
    CHECK(is_told(deadlock, "forks[0]"));
    CHECK(is_told(deadlock, "forks[2]"));

    const auto eat = [](int me) {
        for (int i = 0; i < 2; ++i) ++meals[me];
    };
    const auto lost = interleave::explore([&] {
        std::thread a(eat, 1), b(eat, 1);
        a.join();
        b.join();
        EXPECT(meals[1] == 4);
    });
    REQUIRE(lost.kind == failure::wrong_result);
    CHECK(is_told(lost, "meals[1]"));

    // A member of an element: its number cannot be told from its size.
    const auto member = interleave::explore([] {
        const auto sit = [](int me) { ++seats[me].wanted; };
        std::thread a(sit, 1), b(sit, 1);
        a.join();
        b.join();
        EXPECT(seats[1].wanted == 2);
    });
    REQUIRE(member.kind == failure::wrong_result);
    CHECK_FALSE(is_told(member, "seats[3]"));
}

TEST_CASE("of two atomics in one line each has its own name") {
    struct flags {
        std::atomic<int> first{0}, second{0};
        int wins = 0;
    };
    const auto r = interleave::explore([] {
        flags f;
        std::thread other([&f] { f.second = 1; });
        if (f.first.exchange(1) == f.second.load()) ++f.wins;
        other.join();
        EXPECT(f.wins == 1);
    });
    REQUIRE(r.kind == failure::wrong_result);
    CHECK(r.story.text.find("loads 1 from f.second") != std::string::npos);
    CHECK(r.story.text.find("from wins") == std::string::npos);
}

TEST_CASE("an atomic is not called after the condition on whose line it is read") {
    const auto r = interleave::explore([] {
        std::mutex guard;
        std::condition_variable has_room;
        std::atomic<bool> closed{false};
        std::thread waiter([&] {
            std::unique_lock lock(guard);
            has_room.wait(lock, [&] { return static_cast<bool>(closed); });
        });
        closed = true;
        waiter.join();
    });
    REQUIRE(r.kind == failure::lost_wakeup);
    const auto& events = r.story.events;
    REQUIRE(std::any_of(events.begin(), events.end(),
                        [](const auto& e) { return e.operation == "loads"; }));
    CHECK(std::none_of(events.begin(), events.end(), [](const auto& e) {
        return e.operation == "loads" && e.object == "has_room";
    }));
}

TEST_CASE("who waits for a semaphore does not wait for a mutex") {
    const auto r = interleave::explore([] {
        sem_t permits;
        sem_init(&permits, 0, 0);
        std::thread other([&] { sem_wait(&permits); });
        other.join();
    });
    REQUIRE(r.kind == failure::deadlock);
    CHECK(r.story.text.find("waits for the semaphore") != std::string::npos);
    CHECK(r.story.text.find("mutex") == std::string::npos);
}
