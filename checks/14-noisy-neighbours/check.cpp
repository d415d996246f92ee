#include "per_thread_counter.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/lock_hooks.hpp"
#include "support/measurement.hpp"
#include "support/optimized.hpp"
#include "support/speedup.hpp"
#include "support/together.hpp"

namespace {

constexpr std::uintptr_t line_size = 64;

/// A slot, by name and place. Its lines are those of its first and its last byte.
struct slot_place {
    int counter;
    int thread;
    std::uintptr_t begin;

    std::uintptr_t first_line() const { return begin / line_size; }
    std::uintptr_t last_line() const { return (begin + sizeof(long) - 1) / line_size; }
    std::string name() const {
        return "slot " + std::to_string(thread) + " of counter " + std::to_string(counter);
    }
};

void add_places(lesson::per_thread_counter& counter, int number, int threads,
                std::vector<slot_place>& places) {
    for (int thread = 0; thread < threads; ++thread) {
        long& slot = counter.slot(thread);
        places.push_back({number, thread, reinterpret_cast<std::uintptr_t>(&slot)});
    }
}

/// Two slots that meet on a line, in words; empty when every slot has its lines to itself.
std::string neighbours(std::vector<slot_place> places) {
    std::sort(places.begin(), places.end(),
              [](const auto& left, const auto& right) { return left.begin < right.begin; });
    for (std::size_t i = 1; i < places.size(); ++i) {
        const auto& low = places[i - 1];
        const auto& high = places[i];
        if (high.first_line() > low.last_line()) continue;
        return low.name() + " and " + high.name() + " are " +
               std::to_string(high.begin - low.begin) +
               " bytes apart, on the same cache line of 64 bytes.";
    }
    return "";
}

TEST_CASE("a new counter is at zero in every slot and in total") {
    for (const int threads : {1, 2, 5, 64}) {
        lesson::per_thread_counter counter(threads);
        const long total = counter.total();
        CHECK(total == 0);
        for (int thread = 0; thread < threads; ++thread) {
            const long count = counter.slot(thread);
            CHECK(count == 0);
        }
    }
}

TEST_CASE("the total is the sum of all slots, first and last included") {
    for (const int threads : {1, 2, 3, 17}) {
        CAPTURE(threads);
        lesson::per_thread_counter counter(threads);
        long expected = 0;
        for (int thread = 0; thread < threads; ++thread) {
            counter.slot(thread) += 3'000'000'000 + thread;
            expected += 3'000'000'000 + thread;
            const long total = counter.total();
            CHECK(total == expected);
        }
    }
}

TEST_CASE("five thousand slots count apart") {
    lesson::per_thread_counter counter(5'000);
    for (int thread = 0; thread < 5'000; ++thread) counter.slot(thread) = thread;
    int changed = 0;
    for (int thread = 0; thread < 5'000; ++thread) changed += counter.slot(thread) != thread;
    CHECK(changed == 0);
    const long total = counter.total();
    CHECK(total == 12'497'500);
}

TEST_CASE("a slot stays where it is, and keeps its count") {
    lesson::per_thread_counter counter(9);
    std::vector<long*> before;
    for (int thread = 0; thread < 9; ++thread) {
        before.push_back(&counter.slot(thread));
        *before.back() = thread + 1;
    }
    for (int thread = 8; thread >= 0; --thread) {
        CHECK(&counter.slot(thread) == before[static_cast<std::size_t>(thread)]);
        const long count = counter.slot(thread);
        CHECK(count == thread + 1);
    }
}

TEST_CASE("two counters count apart") {
    lesson::per_thread_counter left(2);
    lesson::per_thread_counter right(3);
    left.slot(1) += 7;
    const long untouched = right.total();
    CHECK(untouched == 0);
    right.slot(1) += 2;
    const long total = left.total();
    CHECK(total == 7);
}

TEST_CASE("ten threads with 10,000 counts each lose none") {
    lesson::per_thread_counter counter(10);
    interleave::run_together(10, [&counter](int thread) {
        for (int i = 0; i < 10'000; ++i) ++counter.slot(thread);
    });
    const long total = counter.total();
    CHECK(total == 100'000);
}

TEST_CASE("two threads never count on the same cache line", "[false-sharing]") {
    // Where memory lies is the allocator's choice, and may be lucky. The first counter is so large
    // that small blocks left over from before are used up; blocks of many sizes between the others
    // let them begin everywhere; and all live at once, so that their ends can meet as well.
    std::vector<std::unique_ptr<lesson::per_thread_counter>> counters;
    std::vector<std::unique_ptr<char[]>> between;
    std::vector<slot_place> places;
    int number = 0;
    for (const int threads : {2'000, 1, 1, 2, 2, 3, 4, 5, 8, 8, 9, 16, 31, 64}) {
        between.push_back(std::make_unique<char[]>(8 + 16 * static_cast<std::size_t>(number)));
        counters.push_back(std::make_unique<lesson::per_thread_counter>(threads));
        add_places(*counters.back(), ++number, threads, places);
    }
    const std::string two_on_one_line = neighbours(places);
    INFO(two_on_one_line);
    CHECK(two_on_one_line.empty());
}

TEST_CASE("two threads never count on the same cache line, for counters that are members",
          "[false-sharing]") {
    struct service {
        char name[9] = {};
        lesson::per_thread_counter hits{4};
        char kind = 0;
        lesson::per_thread_counter misses{4};
    };
    service local;
    const auto remote = std::make_unique<service>();
    std::vector<slot_place> places;
    add_places(local.hits, 1, 4, places);
    add_places(local.misses, 2, 4, places);
    add_places(remote->hits, 3, 4, places);
    add_places(remote->misses, 4, 4, places);
    const std::string two_on_one_line = neighbours(places);
    INFO(two_on_one_line);
    CHECK(two_on_one_line.empty());
}

// Where locks cannot be watched, as under ThreadSanitizer, none is seen.
TEST_CASE("a thread takes no lock to count", "[no-overlap]") {
    struct lock_count final : interleave::lock_observer {
        int locks = 0;
        void wants() override {}
        void taken() override { ++locks; }
        void given_back() override {}
    };
    lesson::per_thread_counter counter(2);
    lock_count seen;
    interleave::watch_locks(&seen);
    for (int i = 0; i < 10; ++i) ++counter.slot(i % 2);
    interleave::watch_locks(nullptr);
    const int locks_taken = seen.locks;
    CHECK(locks_taken == 0);
}

/// Nanoseconds for `threads` threads to count so many times each, in memory and not in a register.
double time_counting(std::vector<long*> slots, int times) {
    const auto start = std::chrono::steady_clock::now();
    interleave::run_together(static_cast<int>(slots.size()), [&](int thread) {
        std::atomic_ref<long> slot(*slots[static_cast<std::size_t>(thread)]);
        for (int i = 0; i < times; ++i) {
            slot.store(slot.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        }
    });
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start)
        .count();
}

TEST_CASE("counting on several cores beside counting on one", "[speedup]") {
    constexpr int rounds = 9;
    constexpr int times = 5'000'000;
    const int threads = std::clamp(interleave::usable_cores(), 2, 4);
    lesson::per_thread_counter counter(threads);
    std::vector<long*> slots;
    slots.reserve(static_cast<std::size_t>(threads));
    for (int thread = 0; thread < threads; ++thread) slots.push_back(&counter.slot(thread));

    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        const double alone = time_counting({slots.front()}, times);
        const double together = time_counting(slots, times);
        ratios.push_back(threads * alone / together);
    }
    std::sort(ratios.begin(), ratios.end());
    // The addresses decide. What a shared line costs is the machine's and the moment's affair.
    interleave::report_measurement("speedup", ratios[rounds / 2], "x");
    const long total = counter.total();
    CHECK(total == static_cast<long>(rounds) * times * (threads + 1));
}

}  // namespace
