#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "scenarios.hpp"

using interleave::explore;
using interleave::failure;

namespace {

void lose_an_increment() {
    int value = 0;
    std::thread a([&] { ++value; }), b([&] { ++value; });
    a.join();
    b.join();
    EXPECT(value == 2);
}

bool is_expected(const scenario& s, failure kind) {
    for (const failure k : s.expected)
        if (k == kind) return true;
    return s.expected.empty() && kind == failure::none;
}

}  // namespace

TEST_CASE("every broken scenario fails for its reason") {
    for (const scenario& s : broken_scenarios()) {
        const auto r = explore(s.body, s.how);
        INFO(s.name << "\n" << r.report());
        CHECK(is_expected(s, r.kind));
    }
}

TEST_CASE("no correct scenario is blamed") {
    for (scenario& s : correct_scenarios()) {
        s.how.executions = 2'000;
        const auto r = explore(s.body, s.how);
        INFO(s.name << "\n" << r.report());
        CHECK(r.ok());
    }
}

TEST_CASE("the explorer survives programs that misbehave") {
    for (const scenario& s : misbehaving_scenarios()) {
        const auto r = explore(s.body, s.how);
        INFO(s.name << "\n" << r.report());
        CHECK(is_expected(s, r.kind));
    }
}

TEST_CASE("the same seed gives the same story, three times of three") {
    const auto first = explore(lose_an_increment);
    for (int again = 0; again < 2; ++again) {
        const auto r = explore(lose_an_increment);
        CHECK(r.kind == first.kind);
        CHECK(r.executions == first.executions);
        CHECK(r.schedule == first.schedule);
        CHECK(r.story.text == first.story.text);
    }
}

TEST_CASE("a search begins as the one before it did, with however many threads") {
    // Room has to be made for them, in the middle of an execution.
    using order = std::array<int, 36>;
    const auto first_execution = [](std::uint64_t seed) {
        order seen{};
        interleave::options how{.search = interleave::strategy::random, .executions = 1};
        how.seed = seed;
        const auto body = [&seen] {
            std::atomic<std::size_t> next{0};
            std::vector<std::thread> threads;
            for (int i = 1; i <= 12; ++i) {
                threads.emplace_back([&seen, &next, i] {
                    seen[next++] = i;
                    seen[next++] = i;
                });
                seen[next++] = 0;
            }
            for (auto& each : threads) each.join();
        };
        CHECK(explore(body, how).ok());
        return seen;
    };
    const order first = first_execution(1);
    CHECK(first_execution(1) == first);
    CHECK(first_execution(2) != first);
}

TEST_CASE("a recorded schedule replays the failure in one execution") {
    const auto found = explore(lose_an_increment);
    REQUIRE(found.kind == failure::wrong_result);
    interleave::options how;
    how.schedule = found.schedule;
    const auto again = explore(lose_an_increment, how);
    CHECK(again.kind == failure::wrong_result);
    CHECK(again.executions == 1);
    CHECK(again.story.text == found.story.text);
}

TEST_CASE("memset says where it began, outside an execution too") {
    char bytes[100];
    void* (*volatile fill)(void*, int, std::size_t) = std::memset;
    CHECK(fill(bytes, 'x', sizeof bytes) == bytes);
    CHECK(std::all_of(bytes, bytes + sizeof bytes, [](char c) { return c == 'x'; }));
}

TEST_CASE("a failure says whether a race leads to it") {
    const auto found = explore(lose_an_increment);
    CHECK(found.raced);
    interleave::options again;
    again.schedule = found.schedule;
    CHECK(explore(lose_an_increment, again).raced);
    const auto broken_without_a_race = explore([] {
        std::atomic<int> value = 0;
        const auto increment = [&] { value.store(value.load() + 1); };
        std::thread a(increment), b(increment);
        a.join();
        b.join();
        EXPECT(value == 2);
    });
    CHECK(broken_without_a_race.kind == failure::wrong_result);
    CHECK_FALSE(broken_without_a_race.raced);
}

TEST_CASE("a schedule of another program is refused with a sentence") {
    interleave::options how;
    how.schedule = "7.3>1";
    const auto r = explore([] {}, how);
    CHECK(r.kind == failure::nondeterminism);
    how.schedule = "nonsense";
    CHECK_THROWS_AS(explore([] {}, how), std::invalid_argument);
}

TEST_CASE("the story fits a screen and names the program's own lines") {
    const auto r = explore(lose_an_increment);
    REQUIRE(r.failed);
    long lines = 0;
    std::size_t longest = 0, length = 0;
    for (const char c : r.story.text) {
        length = c == '\n' ? 0 : length + 1;
        lines += c == '\n';
        longest = std::max(longest, length);
    }
    CHECK(lines <= 40);
    CHECK(longest <= 100);
    CHECK(r.story.text.find("explorer_test.cpp") != std::string::npos);
    CHECK(r.story.text.find("++value") != std::string::npos);
}

TEST_CASE("a loop that looks at one thing after the other is told in short") {
    const auto r = interleave::explore([] {
        std::array<std::atomic<int>, 40> slots{};
        const auto fill = [&] {
            for (auto& slot : slots) slot = 1;
        };
        std::thread other(fill);
        fill();
        other.join();
        int sum = 0;
        for (const auto& slot : slots) sum += slot;
        EXPECT(sum == 0);
    });
    REQUIRE(r.failed);
    CHECK_FALSE(r.story.events.empty());
    const auto looks = std::count_if(r.story.events.begin(), r.story.events.end(),
                                     [](const auto& e) { return e.operation == "loads"; });
    CHECK(looks == 3);
    CHECK(r.story.text.find("and 37 more") != std::string::npos);
}

TEST_CASE("a weak exchange that fails for no reason is told as one") {
    const auto r = interleave::explore([] {
        std::atomic<int> value{7};
        int expected = 7;
        EXPECT(value.compare_exchange_weak(expected, 8));
    });
    REQUIRE(r.kind == failure::wrong_result);
    CHECK(r.story.text.find("finds 7") != std::string::npos);
    CHECK(r.story.text.find("as expected, yet fails") != std::string::npos);
}

TEST_CASE("a thread that has ended before it is joined is told of") {
    const auto r = interleave::explore([] {
        std::atomic<bool> done{false};
        std::thread other([&] { done.store(true); });
        const bool early = done.load();
        other.join();
        EXPECT(!early);
    });
    REQUIRE(r.kind == failure::wrong_result);
    CHECK(r.story.text.find("stores 1 to done") != std::string::npos);
}

TEST_CASE("a deadlock is placed where a thread waits for a lock, and not for the end of others") {
    std::mutex never_given_back;
    const auto r = interleave::explore([&] {
        const auto take = [&] { never_given_back.lock(); };
        std::thread a(take), b(take);
        a.join();
        b.join();
    });
    REQUIRE(r.kind == failure::deadlock);
    CHECK(r.message.find("which has ended") != std::string::npos);
    const auto culprit = std::find_if(r.story.events.begin(), r.story.events.end(),
                                      [](const auto& e) { return e.culprit; });
    REQUIRE(culprit != r.story.events.end());
    CHECK(culprit->operation == "waits for");
    CHECK(r.line == culprit->line);
}

TEST_CASE("a notification that was heard is not told as one that was not") {
    const auto r = interleave::explore([] {
        std::mutex guard;
        std::condition_variable changed;
        bool ready = false;
        std::thread waiter([&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return ready; });
        });
        changed.notify_one();
        waiter.join();
    });
    REQUIRE(r.kind == failure::lost_wakeup);
    const bool heard = r.story.text.find("one thread is waiting") != std::string::npos;
    CHECK((r.message.find("could not be heard") == std::string::npos) == heard);
}

TEST_CASE("a thread that sleeps until a time comes waits for nothing") {
    const auto r = interleave::explore([] {
        std::atomic<bool> come = false;
        std::thread napper([&] {
            while (!come) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        });
        napper.join();
    });
    REQUIRE(r.kind == failure::livelock);
    REQUIRE(r.story.at_end.size() == 2);
    CHECK(r.story.at_end.front().state == "sleeps");
}

TEST_CASE("a whole program's exit handlers are part of it") {
    interleave::options how;
    how.whole_program = true;
    how.leaks = false;
    const auto r = interleave::explore(
        [] {
            static std::atomic<bool> gone{false};
            std::atexit([] { gone = true; });
            std::thread([] { EXPECT(!gone); }).detach();
            std::exit(0);
        },
        how);
    CHECK(r.kind == failure::wrong_result);
    CHECK(interleave::explore([] { std::exit(0); }, how).ok());
}

TEST_CASE("every strategy finds the lost increment") {
    for (const auto which :
         {interleave::strategy::random, interleave::strategy::sticky, interleave::strategy::pct2,
          interleave::strategy::pct3, interleave::strategy::depth_first}) {
        interleave::options how;
        how.search = which;
        const auto r = explore(lose_an_increment, how);
        INFO(name(which));
        CHECK(r.kind == failure::wrong_result);
    }
}

TEST_CASE("depth-first says when it has run everything") {
    interleave::options how;
    how.search = interleave::strategy::depth_first;
    const auto r = explore(
        [] {
            std::atomic<int> n{0};
            std::thread a([&] { ++n; }), b([&] { ++n; });
            a.join();
            b.join();
            EXPECT(n == 2);
        },
        how);
    CHECK(r.ok());
    CHECK(r.exhausted);
    CHECK(r.executions < 1'000);
}

TEST_CASE("a short body is run more often than a long one, unless told how often") {
    const auto runs = [](int rounds, interleave::options how = {}) {
        const auto body = [rounds] {
            std::atomic<int> n{0};
            const auto work = [&n] {
                for (int i = 0; i < 4; ++i) ++n;
            };
            std::thread a(work), b(work), c(work);
            a.join();
            b.join();
            c.join();
            for (int i = 0; i < rounds; ++i) ++n;
        };
        const auto r = explore(body, how);
        CHECK(r.ok());
        CHECK_FALSE(r.out_of_time);
        return r.executions;
    };
    CHECK(runs(0) >= 40'000);
    CHECK(runs(3'000) == 10'000);
    interleave::options how;
    how.executions = 700;
    CHECK(runs(0, how) == 700);
}

TEST_CASE("what has been run in every way is not run again and again") {
    const auto r = explore([] {
        std::atomic<int> n{0};
        std::thread a([&] { ++n; }), b([&] { ++n; });
        a.join();
        b.join();
        EXPECT(n == 2);
    });
    CHECK(r.ok());
    CHECK(r.exhausted);
    CHECK(r.executions == 10'000);
}

TEST_CASE("ordinary threads outside explore() still work") {
    std::atomic<int> n{0};
    std::mutex m;
    std::condition_variable opened;
    bool open = false;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            std::unique_lock lock(m);
            opened.wait(lock, [&] { return open; });
            ++n;
            n.notify_all();
        });
    {
        const std::lock_guard lock(m);
        open = true;
    }
    opened.notify_all();
    for (int v; (v = n.load()) < 4;) n.wait(v);
    CHECK(n == 4);
}

TEST_CASE("a body that REQUIREs is told as an exception or passes") {
    int runs = 0;
    interleave::options how;
    how.executions = 100;
    const auto r = explore(
        [&] {
            ++runs;
            if (runs < 0) throw std::runtime_error("never");
        },
        how);
    CHECK(r.ok());
    CHECK(runs == 100);
}
