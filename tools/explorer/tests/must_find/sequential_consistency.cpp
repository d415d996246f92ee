// Programs that take more for granted than the total order of seq_cst operations gives.

#include <array>
#include <atomic>

#include "../against_a_fence.hpp"
#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

void a_fence_meets_a_seq_cst_store_and_a_relaxed_load() {
    against_a_fence([](store_buffering& both) {
        both.y.store(1, memory_order_seq_cst);
        both.seen_x = both.x.load(memory_order_relaxed);
    });
}

void a_fence_meets_a_release_store_and_a_seq_cst_load() {
    against_a_fence([](store_buffering& both) {
        both.y.store(1, memory_order_release);
        both.seen_x = both.x.load(memory_order_seq_cst);
    });
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
    std::atomic<bool> told{false};
    against_a_fence(
        [&](store_buffering& both) {
            both.y.store(1, memory_order_relaxed);
            seq_cst_fence();
            told.store(true, memory_order_relaxed);
        },
        [&](store_buffering& both) {
            if (told.load(memory_order_relaxed)) both.seen_x = both.x.load(memory_order_relaxed);
        });
}

void a_thread_looks_before_it_is_told_of_the_fence() {
    std::atomic<bool> told{false};
    against_a_fence(
        [&](store_buffering& both) {
            both.y.store(1, memory_order_relaxed);
            seq_cst_fence();
            told.store(true, memory_order_release);
        },
        [&](store_buffering& both) {
            const int early = both.x.load(memory_order_relaxed);
            if (told.load(memory_order_acquire)) both.seen_x = early;
        });
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

/// What one seq_cst load returns binds the other, so the order of these loads matters: a search that
/// takes them for independent leaves it out.
void seq_cst_readers_come_between_each_other() {
    std::atomic<int> x{0}, y{0};
    std::atomic<bool> ready{false};
    int first_x = -1, first_y = -1, second_x = -1, second_y = -1;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            y.store(1, memory_order_relaxed);
            ready.store(true, memory_order_relaxed);
        },
        [&] {
            if (!ready.load(memory_order_relaxed)) return;
            first_x = x.load(memory_order_seq_cst);
            first_y = y.load(memory_order_seq_cst);
        },
        [&] {
            if (!ready.load(memory_order_relaxed)) return;
            second_x = x.load(memory_order_seq_cst);
            second_y = y.load(memory_order_seq_cst);
        });
    EXPECT(!(first_x == 1 && first_y == 0 && second_x == 0 && second_y == 1));
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
            {"seq_cst readers come between each other",
             seq_cst_readers_come_between_each_other,
             {wrong_result}},
            {"five relaxed values are all old", five_relaxed_values_are_all_old, {wrong_result}},
        },
    };
}

}  // namespace must_find
