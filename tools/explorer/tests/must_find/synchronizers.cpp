// Semaphores, latches, barriers, reader-writer locks and call_once, used wrongly.

#include <atomic>
#include <barrier>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_semaphore_that_guards_one_resource_begins_with_two() {
    std::counting_semaphore<2> one(2);
    std::atomic<int> inside{0};
    const auto enter = [&] {
        one.acquire();
        EXPECT(++inside == 1);
        --inside;
        one.release();
    };
    in_parallel(enter, enter);
}

void a_semaphore_is_released_without_being_acquired() {
    std::counting_semaphore<4> one(1);
    std::atomic<int> inside{0};
    const auto enter = [&] {
        if (one.try_acquire()) {
            EXPECT(++inside == 1);
            --inside;
        }
        one.release();
    };
    in_parallel(enter, enter, enter);
}

void a_semaphore_is_not_released_on_one_path() {
    std::counting_semaphore<1> one(1);
    std::atomic<bool> stopped{false};
    in_parallel(
        [&] {
            one.acquire();
            if (stopped) return;
            one.release();
        },
        [&] {
            stopped = true;
            one.acquire();
            one.release();
        });
}

void two_threads_take_two_permits_one_by_one() {
    std::counting_semaphore<2> permits(2);
    const auto take_two = [&] {
        permits.acquire();
        permits.acquire();
        permits.release(2);
    };
    in_parallel(take_two, take_two);
}

void two_semaphores_are_taken_in_opposite_orders() {
    std::binary_semaphore a(1), b(1);
    in_parallel(
        [&] {
            a.acquire();
            b.acquire();
            b.release();
            a.release();
        },
        [&] {
            b.acquire();
            a.acquire();
            a.release();
            b.release();
        });
}

void a_semaphore_counts_items_that_are_not_there_yet() {
    std::counting_semaphore<4> filled(0);
    std::atomic<int> slot{0};
    in_parallel(
        [&] {
            filled.release();
            slot = 7;
        },
        [&] {
            filled.acquire();
            EXPECT(slot == 7);
        });
}

void a_latch_waits_for_one_thread_too_many() {
    std::latch ready(3);
    in_parallel([&] { ready.arrive_and_wait(); }, [&] { ready.arrive_and_wait(); });
}

void a_latch_waits_for_one_thread_too_few() {
    std::latch ready(1);
    std::atomic<int> prepared{0};
    const auto prepare = [&] {
        ++prepared;
        ready.count_down();
    };
    std::latch& gate = ready;
    std::thread waiting([&] {
        gate.wait();
        EXPECT(prepared == 2);
    });
    std::thread first(prepare);
    first.join();
    std::thread second([&] { ++prepared; });
    second.join();
    waiting.join();
}

void a_thread_counts_down_before_its_work_is_done() {
    std::latch done(2);
    int results[2] = {0, 0};
    in_parallel(
        [&] {
            done.count_down();
            results[0] = 1;
        },
        [&] {
            results[1] = 1;
            done.count_down();
        },
        [&] {
            done.wait();
            EXPECT(results[0] + results[1] == 2);
        });
}

void a_latch_is_not_counted_down_on_one_path() {
    std::latch done(2);
    std::atomic<bool> cancelled{false};
    in_parallel(
        [&] {
            if (!cancelled) done.count_down();
        },
        [&] {
            cancelled = true;
            done.arrive_and_wait();
        });
}

void a_barrier_expects_one_thread_too_many() {
    std::barrier together(3);
    in_parallel([&] { together.arrive_and_wait(); }, [&] { together.arrive_and_wait(); });
}

void a_thread_leaves_a_barrier_without_a_word() {
    std::barrier together(2);
    in_parallel(
        [&] {
            together.arrive_and_wait();
            together.arrive_and_wait();
        },
        [&] { together.arrive_and_wait(); });
}

void a_thread_arrives_but_does_not_wait() {
    std::barrier together(2);
    int left = 0, right = 0;
    in_parallel(
        [&] {
            left = 1;
            (void)together.arrive();
            EXPECT(right == 1);
        },
        [&] {
            right = 1;
            together.arrive_and_wait();
            EXPECT(left == 1);
        });
}

void the_second_phase_begins_before_the_first_has_been_read() {
    std::barrier together(2);
    int values[2] = {0, 0};
    on_threads(2, [&](int me) {
        for (int phase = 1; phase <= 2; ++phase) {
            values[me] = phase;
            together.arrive_and_wait();
            EXPECT(values[1 - me] == phase);
        }
    });
}

void a_reader_lock_is_upgraded_by_giving_it_up() {
    std::shared_mutex guard;
    int value = 0;
    const auto add = [&] {
        int seen = 0;
        {
            const std::shared_lock lock(guard);
            seen = value;
        }
        const std::unique_lock lock(guard);
        value = seen + 1;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_reader_looks_without_the_lock() {
    std::shared_mutex guard;
    std::vector<int> items(2);
    in_parallel(
        [&] {
            const std::unique_lock lock(guard);
            items[0] = 1;
            items[1] = 1;
        },
        [&] { EXPECT(items[0] == items[1]); });
}

void size_and_element_are_read_under_two_reader_locks() {
    std::shared_mutex guard;
    std::vector<int> items{1, 2};
    in_parallel(
        [&] {
            std::size_t last = 0;
            {
                const std::shared_lock lock(guard);
                last = items.size() - 1;
            }
            const std::shared_lock lock(guard);
            EXPECT(last < items.size());
        },
        [&] {
            const std::unique_lock lock(guard);
            items.pop_back();
        });
}

void a_writer_waits_for_its_own_reader_lock() {
    std::shared_mutex guard;
    const std::shared_lock reading(guard);
    const std::unique_lock writing(guard);
}

void two_reader_writer_locks_are_taken_in_opposite_orders() {
    std::shared_mutex a, b;
    in_parallel(
        [&] {
            const std::shared_lock first(a);
            const std::unique_lock second(b);
        },
        [&] {
            const std::shared_lock first(b);
            const std::unique_lock second(a);
        });
}

void each_thread_has_a_once_flag_of_its_own() {
    int initialized = 0;
    const auto initialize = [&] {
        std::once_flag once;
        std::call_once(once, [&] { ++initialized; });
    };
    in_parallel(initialize, initialize);
    EXPECT(initialized == 1);
}

void a_plain_flag_is_asked_beside_call_once() {
    std::once_flag once;
    bool done = false;
    int value = 0;
    const auto get = [&] {
        if (!done) {
            std::call_once(once, [&] {
                value = 5;
                done = true;
            });
        }
        EXPECT(value == 5);
    };
    in_parallel(get, get);
}

}  // namespace

corpus::topic synchronizers() {
    return {
        "synchronizers",
        {
            {"a semaphore that guards one resource begins with two",
             a_semaphore_that_guards_one_resource_begins_with_two,
             {wrong_result}},
            {"a semaphore is released without being acquired",
             a_semaphore_is_released_without_being_acquired,
             {wrong_result}},
            {"a semaphore is not released on one path",
             a_semaphore_is_not_released_on_one_path,
             {deadlock, lost_wakeup}},
            {"two threads take two permits one by one",
             two_threads_take_two_permits_one_by_one,
             {deadlock, lost_wakeup}},
            {"two semaphores are taken in opposite orders",
             two_semaphores_are_taken_in_opposite_orders,
             {deadlock, lost_wakeup}},
            {"a semaphore counts items that are not there yet",
             a_semaphore_counts_items_that_are_not_there_yet,
             {wrong_result}},
            {"a latch waits for one thread too many",
             a_latch_waits_for_one_thread_too_many,
             {deadlock, lost_wakeup}},
            {"a latch waits for one thread too few",
             a_latch_waits_for_one_thread_too_few,
             {wrong_result}},
            {"a thread counts down before its work is done",
             a_thread_counts_down_before_its_work_is_done,
             {wrong_result}},
            {"a latch is not counted down on one path",
             a_latch_is_not_counted_down_on_one_path,
             {deadlock, lost_wakeup}},
            {"a barrier expects one thread too many",
             a_barrier_expects_one_thread_too_many,
             {deadlock, lost_wakeup}},
            {"a thread leaves a barrier without a word",
             a_thread_leaves_a_barrier_without_a_word,
             {deadlock, lost_wakeup}},
            {"a thread arrives but does not wait",
             a_thread_arrives_but_does_not_wait,
             {wrong_result}},
            {"the second phase begins before the first has been read",
             the_second_phase_begins_before_the_first_has_been_read,
             {wrong_result}},
            {"a reader lock is upgraded by giving it up",
             a_reader_lock_is_upgraded_by_giving_it_up,
             {wrong_result}},
            {"a reader looks without the lock", a_reader_looks_without_the_lock, {wrong_result}},
            {"size and element are read under two reader locks",
             size_and_element_are_read_under_two_reader_locks,
             {wrong_result}},
            {"a writer waits for its own reader lock",
             a_writer_waits_for_its_own_reader_lock,
             {self_deadlock, deadlock}},
            {"two reader-writer locks are taken in opposite orders",
             two_reader_writer_locks_are_taken_in_opposite_orders,
             {deadlock}},
            {"each thread has a once_flag of its own",
             each_thread_has_a_once_flag_of_its_own,
             {wrong_result}},
            {"a plain flag is asked beside call_once",
             a_plain_flag_is_asked_beside_call_once,
             {wrong_result, race}},
        },
    };
}

}  // namespace must_find
