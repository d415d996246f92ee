// Compare-exchanges, weak and strong, whose failure is misunderstood.

#include <atomic>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_weak_exchange_that_fails_is_taken_for_beaten() {
    std::atomic<bool> claimed{false};
    std::atomic<int> made{0};
    const auto make_once = [&] {
        bool expected = false;
        if (claimed.compare_exchange_weak(expected, true)) ++made;
    };
    in_parallel(make_once, make_once);
    EXPECT(made == 1);
}

struct wide {
    long first, second;
};

void a_weak_exchange_of_a_pointer_or_a_structure_is_tried_once() {
    int target = 0;
    std::atomic<int*> pointer{nullptr};
    std::atomic<wide> both{wide{0, 0}};
    in_parallel(
        [&] {
            int* expected = nullptr;
            EXPECT(pointer.compare_exchange_weak(expected, &target));
        },
        [&] {
            wide expected{0, 0};
            EXPECT(both.compare_exchange_weak(expected, wide{1, 2}));
        });
}

void two_weak_exchanges_keep_what_they_expect_in_one_place() {
    std::atomic<int> value{0};
    int expected = 0;
    const auto exchange = [&] { value.compare_exchange_weak(expected, 1); };
    in_parallel(exchange, exchange);
}

// With a stronger order the loser would write after all that the winner did.
void two_relaxed_exchanges_keep_what_they_expect_in_one_place() {
    std::atomic<int> value{0};
    int expected = 0;
    const auto exchange = [&] {
        value.compare_exchange_strong(expected, 1, std::memory_order_relaxed);
    };
    in_parallel(exchange, exchange);
}

}  // namespace

corpus::topic exchanges() {
    return {
        "compare-exchanges",
        {
            {"a weak exchange that fails is taken for beaten",
             a_weak_exchange_that_fails_is_taken_for_beaten,
             {wrong_result}},
            {"a weak exchange of a pointer or a structure is tried once",
             a_weak_exchange_of_a_pointer_or_a_structure_is_tried_once,
             {wrong_result}},
            {"two weak exchanges keep what they expect in one place",
             two_weak_exchanges_keep_what_they_expect_in_one_place,
             {race}},
            {"two relaxed exchanges keep what they expect in one place",
             two_relaxed_exchanges_keep_what_they_expect_in_one_place,
             {race}},
        },
    };
}

}  // namespace must_find
