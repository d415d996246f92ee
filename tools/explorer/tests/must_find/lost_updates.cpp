// Several threads change one value, and some of the changes vanish.

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

struct counter {
    int value = 0;

    void increment() { ++value; }
};

void two_threads_increment_a_member() {
    counter c;
    in_parallel([&] { c.increment(); }, [&] { c.increment(); });
    EXPECT(c.value == 2);
}

void three_threads_increment_a_member_ten_times_each() {
    counter c;
    on_threads(3, [&](int) {
        for (int i = 0; i < 10; ++i) c.increment();
    });
    EXPECT(c.value == 30);
}

int visitors = 0;

void two_threads_increment_a_global() {
    in_parallel([] { ++visitors; }, [] { ++visitors; });
    EXPECT(visitors == 2);
}

int& calls_so_far() {
    static int calls = 0;
    return calls;
}

void two_threads_increment_a_function_local_static() {
    in_parallel([] { ++calls_so_far(); }, [] { ++calls_so_far(); });
    EXPECT(calls_so_far() == 2);
}

template <class Tag>
struct instances {
    inline static int alive = 0;
};

void two_threads_increment_a_static_member_of_a_template() {
    struct widget {};
    in_parallel([] { ++instances<widget>::alive; }, [] { ++instances<widget>::alive; });
    EXPECT(instances<widget>::alive == 2);
}

void two_threads_add_to_a_number_on_the_heap() {
    const auto sum = std::make_unique<long>(0);
    in_parallel([&] { *sum += 1; }, [&] { *sum += 10; });
    EXPECT(*sum == 11);
}

void three_threads_add_to_an_element_of_a_vector() {
    std::vector<int> histogram(4);
    on_threads(3, [&](int) { ++histogram[2]; });
    EXPECT(histogram[2] == 3);
}

void one_of_two_members_is_updated_without_the_lock() {
    struct statistics {
        std::mutex guard;
        int requests = 0;
        int errors = 0;

        void request(bool failed) {
            {
                const std::lock_guard lock(guard);
                ++requests;
            }
            if (failed) ++errors;
        }
    } seen;
    in_parallel([&] { seen.request(true); }, [&] { seen.request(true); });
    EXPECT(seen.requests == 2);
    EXPECT(seen.errors == 2);
}

void two_threads_lock_different_mutexes_for_one_value() {
    std::mutex mine, yours;
    int value = 0;
    const auto add = [&](std::mutex& guard) {
        const std::lock_guard lock(guard);
        ++value;
    };
    in_parallel([&] { add(mine); }, [&] { add(yours); });
    EXPECT(value == 2);
}

void each_call_has_a_mutex_of_its_own() {
    int value = 0;
    const auto add = [&] {
        std::mutex guard;
        const std::lock_guard lock(guard);
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void the_lock_is_a_temporary() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        std::lock_guard<std::mutex>{guard};
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void the_lock_is_deferred_and_never_taken() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        const std::unique_lock lock(guard, std::defer_lock);
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_failed_try_lock_is_ignored() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        const std::unique_lock lock(guard, std::try_to_lock);
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_value_is_changed_under_a_shared_lock() {
    std::shared_mutex guard;
    int value = 0;
    const auto add = [&] {
        const std::shared_lock lock(guard);
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void an_atomic_is_read_and_then_written() {
    std::atomic<int> value{0};
    const auto add = [&] { value = value + 1; };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void an_atomic_maximum_is_stored_without_a_second_look() {
    std::atomic<int> largest{0};
    const auto see = [&](int candidate) {
        if (candidate > largest) largest = candidate;
    };
    in_parallel([&] { see(3); }, [&] { see(7); });
    EXPECT(largest == 7);
}

void a_failed_compare_exchange_is_not_tried_again() {
    std::atomic<int> value{0};
    const auto add = [&] {
        int seen = value.load();
        value.compare_exchange_strong(seen, seen + 1);
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void volatile_is_taken_for_atomic() {
    volatile int value = 0;
    const auto add = [&] { value = value + 1; };
    in_parallel(add, add);
    EXPECT(value == 2);
}

// gcc sets a bit in one instruction, which nothing can come between: that leaves the race.
#ifdef __clang__
constexpr auto lost_bit = wrong_result;
#else
constexpr auto lost_bit = race;
#endif

void two_bit_fields_share_a_byte() {
    struct {
        unsigned char ready : 1;
        unsigned char done : 1;
    } flags{0, 0};
    in_parallel([&] { flags.ready = 1; }, [&] { flags.done = 1; });
    EXPECT(flags.ready == 1 && flags.done == 1);
}

void two_elements_of_a_vector_of_bool_share_a_word() {
    std::vector<bool> done(2);
    in_parallel([&] { done[0] = true; }, [&] { done[1] = true; });
    EXPECT(done[0] && done[1]);
}

void two_threads_append_to_a_vector() {
    std::vector<int> items;
    items.reserve(4);
    in_parallel([&] { items.push_back(1); }, [&] { items.push_back(2); });
    EXPECT(items.size() == 2);
}

void two_threads_append_to_a_vector_that_must_grow() {
    std::vector<int> items;
    in_parallel([&] { items.push_back(1); }, [&] { items.push_back(2); });
    EXPECT(items.size() == 2);
}

void two_threads_insert_into_a_map() {
    std::map<int, std::string> names;
    in_parallel([&] { names[1] = "one"; }, [&] { names[2] = "two"; });
    EXPECT(names.size() == 2);
}

void a_sum_of_partial_sums_is_added_up_without_a_lock() {
    const std::array<int, 6> numbers{1, 2, 3, 4, 5, 6};
    int sum = 0;
    on_threads(3, [&](int part) {
        int mine = 0;
        for (int i = 2 * part; i < 2 * part + 2; ++i) mine += numbers[i];
        sum += mine;
    });
    EXPECT(sum == 21);
}

void a_value_is_lost_between_two_critical_sections() {
    struct {
        std::mutex guard;
        int value = 0;

        int get() {
            const std::lock_guard lock(guard);
            return value;
        }
        void set(int next) {
            const std::lock_guard lock(guard);
            value = next;
        }
    } shared;
    const auto add = [&] { shared.set(shared.get() + 1); };
    in_parallel(add, add);
    EXPECT(shared.get() == 2);
}

void only_the_third_of_three_threads_forgets_the_lock() {
    std::mutex guard;
    int value = 0;
    on_threads(3, [&](int which) {
        std::unique_lock lock(guard, std::defer_lock);
        if (which != 2) lock.lock();
        ++value;
    });
    EXPECT(value == 3);
}

void a_loop_variable_is_captured_by_reference() {
    std::vector<int> seen(3);
    std::vector<std::thread> threads;
    int i = 0;
    for (; i < 3; ++i) {
        threads.emplace_back([&] {
            if (i < 3) ++seen[static_cast<std::size_t>(i % 3)];
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT(seen == std::vector<int>({1, 1, 1}));
}

/// It takes a schedule in which the one inside does not go on for all of the tries.
void a_lock_is_given_up_after_a_thousand_tries() {
    std::mutex mutex;
    int value = 0;
    const auto increment = [&] {
        for (int tries = 0; tries < 1'000; ++tries) {
            if (const std::unique_lock lock{mutex, std::try_to_lock}) {
                ++value;
                return;
            }
            std::this_thread::yield();
        }
    };
    in_parallel(increment, increment);
    EXPECT(value == 2);
}

/// The same without a word to the scheduler.
void a_spinlock_is_taken_for_free_after_a_thousand_tries() {
    std::atomic<bool> taken{false};
    std::atomic<int> value{0};
    const auto increment = [&] {
        for (int tries = 0; tries < 1'000 && taken.exchange(true); ++tries) {
        }
        value.store(value.load() + 1);
        taken.store(false);
    };
    in_parallel(increment, increment);
    EXPECT(value.load() == 2);
}

}  // namespace

corpus::topic lost_updates() {
    return {
        "lost updates",
        {
            {"two threads increment a member", two_threads_increment_a_member, {wrong_result}},
            {"a lock is given up after a thousand tries",
             a_lock_is_given_up_after_a_thousand_tries,
             {wrong_result}},
            {"a spinlock is taken for free after a thousand tries",
             a_spinlock_is_taken_for_free_after_a_thousand_tries,
             {wrong_result}},
            {"three threads increment a member ten times each",
             three_threads_increment_a_member_ten_times_each,
             {wrong_result}},
            {"two threads increment a global", two_threads_increment_a_global, {wrong_result}},
            {"two threads increment a function-local static",
             two_threads_increment_a_function_local_static,
             {wrong_result}},
            {"two threads increment a static member of a template",
             two_threads_increment_a_static_member_of_a_template,
             {wrong_result}},
            {"two threads add to a number on the heap",
             two_threads_add_to_a_number_on_the_heap,
             {wrong_result}},
            {"three threads add to an element of a vector",
             three_threads_add_to_an_element_of_a_vector,
             {wrong_result}},
            {"one of two members is updated without the lock",
             one_of_two_members_is_updated_without_the_lock,
             {wrong_result}},
            {"two threads lock different mutexes for one value",
             two_threads_lock_different_mutexes_for_one_value,
             {wrong_result}},
            {"each call has a mutex of its own", each_call_has_a_mutex_of_its_own, {wrong_result}},
            {"the lock is a temporary", the_lock_is_a_temporary, {wrong_result}},
            {"the lock is deferred and never taken",
             the_lock_is_deferred_and_never_taken,
             {wrong_result}},
            {"a failed try_lock is ignored", a_failed_try_lock_is_ignored, {wrong_result}},
            {"a value is changed under a shared lock",
             a_value_is_changed_under_a_shared_lock,
             {wrong_result}},
            {"an atomic is read and then written",
             an_atomic_is_read_and_then_written,
             {wrong_result}},
            {"an atomic maximum is stored without a second look",
             an_atomic_maximum_is_stored_without_a_second_look,
             {wrong_result}},
            {"a failed compare_exchange is not tried again",
             a_failed_compare_exchange_is_not_tried_again,
             {wrong_result}},
            {"volatile is taken for atomic", volatile_is_taken_for_atomic, {wrong_result}},
            {"two bit-fields share a byte", two_bit_fields_share_a_byte, {lost_bit}},
            {"two elements of a vector of bool share a word",
             two_elements_of_a_vector_of_bool_share_a_word,
             {wrong_result}},
            {"two threads append to a vector", two_threads_append_to_a_vector, {wrong_result}},
            {"two threads append to a vector that must grow",
             two_threads_append_to_a_vector_that_must_grow,
             {wrong_result, race, leak, double_free, use_after_free, crash}},
            {"two threads insert into a map",
             two_threads_insert_into_a_map,
             {wrong_result, race, leak, crash}},
            {"partial sums are added up without a lock",
             a_sum_of_partial_sums_is_added_up_without_a_lock,
             {wrong_result}},
            {"a value is lost between two critical sections",
             a_value_is_lost_between_two_critical_sections,
             {wrong_result}},
            {"only the third of three threads forgets the lock",
             only_the_third_of_three_threads_forgets_the_lock,
             {wrong_result}},
            {"a loop variable is captured by reference",
             a_loop_variable_is_captured_by_reference,
             {wrong_result, race}},
        },
    };
}

}  // namespace must_find
