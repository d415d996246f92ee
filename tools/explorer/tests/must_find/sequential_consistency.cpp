// Programs that take more for granted than the total order of seq_cst operations gives.

#include <array>
#include <atomic>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

void fence() {
    std::atomic_thread_fence(memory_order_seq_cst);
}

void a_fence_meets_a_seq_cst_store_and_a_relaxed_load() {
    std::atomic<int> x{0}, y{0};
    int seen_y = -1, seen_x = -1;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            fence();
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_seq_cst);
            seen_x = x.load(memory_order_relaxed);
        });
    EXPECT(seen_y == 1 || seen_x == 1);
}

void a_fence_meets_a_release_store_and_a_seq_cst_load() {
    std::atomic<int> x{0}, y{0};
    int seen_y = -1, seen_x = -1;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            fence();
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_release);
            seen_x = x.load(memory_order_seq_cst);
        });
    EXPECT(seen_y == 1 || seen_x == 1);
}

void only_one_of_two_readers_is_seq_cst() {
    std::atomic<int> x{0}, y{0};
    int first_x = 0, then_y = 0, first_y = 0, then_x = 0;
    in_parallel([&] { x.store(1, memory_order_relaxed); },
                [&] { y.store(1, memory_order_relaxed); },
                [&] {
                    first_x = x.load(memory_order_seq_cst);
                    then_y = y.load(memory_order_seq_cst);
                },
                [&] {
                    first_y = y.load(memory_order_acquire);
                    then_x = x.load(memory_order_acquire);
                });
    EXPECT(!(first_x == 1 && then_y == 0 && first_y == 1 && then_x == 0));
}

void a_thread_is_told_of_a_fence_with_a_relaxed_flag() {
    std::atomic<int> x{0}, y{0}, told{0};
    int seen_y = -1, seen_x = -1;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            fence();
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            fence();
            told.store(1, memory_order_relaxed);
        },
        [&] {
            if (told.load(memory_order_relaxed)) seen_x = x.load(memory_order_relaxed);
        });
    EXPECT(!(seen_y == 0 && seen_x == 0));
}

void a_thread_looks_before_it_is_told_of_the_fence() {
    std::atomic<int> x{0}, y{0}, told{0};
    int seen_y = -1, seen_x = -1;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            fence();
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            fence();
            told.store(1, memory_order_release);
        },
        [&] {
            const int early = x.load(memory_order_relaxed);
            if (told.load(memory_order_acquire)) seen_x = early;
        });
    EXPECT(!(seen_y == 0 && seen_x == 0));
}

/// A compare-exchange that fails has only loaded, in its weaker order.
void two_failing_exchanges_see_neither_store() {
    std::atomic<int> x{0}, y{0};
    bool first = false, second = false;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            int expected = 1;
            first = y.compare_exchange_strong(expected, 2, memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            int expected = 1;
            second = x.compare_exchange_strong(expected, 2, memory_order_relaxed);
        });
    EXPECT(first || second);
}

void five_relaxed_values_are_all_old() {
    std::array<std::atomic<int>, 5> values{};
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            for (auto& value : values) value.store(1, memory_order_relaxed);
            ready.store(true, memory_order_relaxed);
        },
        [&] {
            if (!ready.load(memory_order_relaxed)) return;
            int sum = 0;
            for (const auto& value : values) sum += value.load(memory_order_relaxed);
            EXPECT(sum > 0);
        });
}

}  // namespace

corpus::topic sequential_consistency() {
    using enum corpus::failure;
    return {
        "sequential consistency",
        {
            {"a fence meets a seq_cst store and a relaxed load",
             a_fence_meets_a_seq_cst_store_and_a_relaxed_load,
             {wrong_result}},
            {"a fence meets a release store and a seq_cst load",
             a_fence_meets_a_release_store_and_a_seq_cst_load,
             {wrong_result}},
            {"only one of two readers is seq_cst",
             only_one_of_two_readers_is_seq_cst,
             {wrong_result}},
            {"a thread is told of a fence with a relaxed flag",
             a_thread_is_told_of_a_fence_with_a_relaxed_flag,
             {wrong_result}},
            {"a thread looks before it is told of the fence",
             a_thread_looks_before_it_is_told_of_the_fence,
             {wrong_result}},
            {"two failing exchanges see neither store",
             two_failing_exchanges_see_neither_store,
             {wrong_result}},
            {"five relaxed values are all old", five_relaxed_values_are_all_old, {wrong_result}},
        },
    };
}

}  // namespace must_find
