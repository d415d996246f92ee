#include "counter.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <thread>

#include "support/interleavings.hpp"
#include "support/together.hpp"

namespace {

// A call of its own for each increment: otherwise the compiler may turn a loop of a racy answer
// into one addition, and what the learner is told gets lost would hardly ever be lost.
[[gnu::noinline]] void increment(lesson::counter& counter) {
    counter.increment();
}

// The same for a read: moved out of its loop, it would have no line of the learner's any more.
[[gnu::noinline]] long value(const lesson::counter& counter) {
    return counter.value();
}

TEST_CASE("a new counter is at zero, and each increment adds one") {
    lesson::counter counter;
    const long before = counter.value();
    CHECK(before == 0);
    counter.increment();
    counter.increment();
    const long after = counter.value();
    CHECK(after == 2);
}

TEST_CASE("two counters count apart") {
    lesson::counter left;
    lesson::counter right;
    left.increment();
    const long untouched = right.value();
    CHECK(untouched == 0);
}

TEST_CASE("a counter made where another one was starts at zero, too") {
    std::optional<lesson::counter> counter(std::in_place);
    counter->increment();
    counter.emplace();
    const long before = counter->value();
    CHECK(before == 0);
    counter->increment();
    const long after = counter->value();
    CHECK(after == 1);
}

TEST_CASE("ten threads with 100,000 increments each lose no increment") {
    lesson::counter counter;
    interleave::run_together(10, [&counter](int) {
        for (int i = 0; i < 100'000; ++i) increment(counter);
    });
    const long total = counter.value();
    CHECK(total == 1'000'000);
}

TEST_CASE("the count can be read while others increment, and never goes back") {
    lesson::counter counter;
    bool went_back = false;
    interleave::run_together(3, [&](int thread) {
        if (thread != 0) {
            for (int i = 0; i < 5'000; ++i) increment(counter);
            return;
        }
        long last = 0;
        for (int i = 0; i < 5'000; ++i) {
            const long now = value(counter);
            if (now < last) went_back = true;
            last = now;
        }
    });
    CHECK_FALSE(went_back);
    const long total = counter.value();
    CHECK(total == 10'000);
}

TEST_CASE("of two threads that increment at the same time, neither loses its increment",
          "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        lesson::counter counter;
        interleave::in_parallel([&] { counter.increment(); }, [&] { counter.increment(); });
        EXPECT(counter.value() == 2);
    });
}

TEST_CASE("what a thread reads while another increments is one of the counts, and never goes back",
          "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        lesson::counter counter;
        interleave::in_parallel(
            [&] {
                counter.increment();
                counter.increment();
            },
            [&] {
                const long before = counter.value();
                const long after = counter.value();
                EXPECT(before >= 0);
                EXPECT(before <= after);
                EXPECT(after <= 2);
            });
        EXPECT(counter.value() == 2);
    });
}

TEST_CASE("who increments sees its own increment, whatever others do", "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        lesson::counter counter;
        const auto increment_and_look = [&] {
            counter.increment();
            EXPECT(counter.value() >= 1);
        };
        interleave::in_parallel(increment_and_look, increment_and_look,
                                [&] { counter.increment(); });
        EXPECT(counter.value() == 3);
    });
}

// To try again so many times is enough only while nobody is faster that often.
TEST_CASE("no increment is lost to others that come first again and again", "[interleavings]") {
    constexpr long others = 12;
    interleave::holds_in_every_interleaving([] {
        lesson::counter counter;
        const auto increment_often = [&] {
            for (long i = 0; i < others; ++i) counter.increment();
        };
        interleave::in_parallel([&] { counter.increment(); }, increment_often, increment_often);
        EXPECT(counter.value() == 1 + 2 * others);
    });
}

// A count in parts is in pieces while one part flows over into the next.
TEST_CASE("what is read never goes back, however far the count has come", "[interleavings]") {
    constexpr long executions = 1'000;
    interleave::holds_in_every_interleaving(
        [] {
            lesson::counter counter;
            for (int i = 0; i < 254; ++i) counter.increment();
            interleave::in_parallel(
                [&] {
                    for (int i = 0; i < 3; ++i) counter.increment();
                },
                [&] {
                    const long before = counter.value();
                    const long after = counter.value();
                    EXPECT(before >= 254);
                    EXPECT(before <= after);
                    EXPECT(after <= 257);
                });
            EXPECT(counter.value() == 257);
        },
        executions);
}

// A place of its own for each thread is enough only while there are places left.
TEST_CASE("no increment is lost, however many threads there have been", "[interleavings]") {
    constexpr long executions = 300;
    interleave::holds_in_every_interleaving(
        [] {
            lesson::counter counter;
            for (long threads = 1; threads <= 128; ++threads) {
                std::thread other([&] { counter.increment(); });
                counter.increment();
                other.join();
                if (std::has_single_bit(static_cast<unsigned long>(threads)))
                    EXPECT(counter.value() == 2 * threads);
            }
        },
        executions);
}

}  // namespace
