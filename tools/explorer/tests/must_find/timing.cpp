// Time taken for order: a sleep, a time limit or a yield proves nothing.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;
using namespace std::chrono_literals;

void a_sleep_is_taken_for_the_end_of_the_other_thread() {
    int result = 0;
    std::jthread worker([&] { result = 42; });
    std::this_thread::sleep_for(100ms);
    EXPECT(result == 42);
}

void an_atomic_result_is_awaited_by_sleeping() {
    std::atomic<int> result{0};
    in_parallel([&] { result = 42; },
                [&] {
                    std::this_thread::sleep_for(1s);
                    EXPECT(result == 42);
                });
}

void one_thread_sleeps_longer_than_the_other() {
    std::atomic<int> order{0};
    in_parallel(
        [&] {
            std::this_thread::sleep_for(1ms);
            order = 1;
        },
        [&] {
            std::this_thread::sleep_for(50ms);
            EXPECT(order == 1);
        });
}

void yields_are_taken_for_the_turn_of_the_other_thread() {
    std::atomic<bool> ready{false};
    in_parallel([&] { ready = true; },
                [&] {
                    for (int i = 0; i < 10; ++i) std::this_thread::yield();
                    EXPECT(ready);
                });
}

void a_flag_is_awaited_a_hundred_times_at_most() {
    std::atomic<bool> ready{false};
    int value = 0;
    in_parallel(
        [&] {
            value = 1;
            ready = true;
        },
        [&] {
            for (int i = 0; i < 100 && !ready; ++i) std::this_thread::yield();
            EXPECT(value == 1);
        });
}

void a_timed_out_wait_is_taken_for_success() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            changed.wait_for(lock, 10ms, [&] { return ready; });
            EXPECT(ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

void a_timed_out_future_is_taken_for_ready() {
    int result = 0;
    auto done = std::async(std::launch::async, [&] { result = 1; });
    done.wait_for(10ms);
    EXPECT(result == 1);
}

void a_timed_lock_is_used_whether_it_was_taken_or_not() {
    std::timed_mutex guard;
    int value = 0;
    const auto add = [&] {
        const std::unique_lock lock(guard, 5ms);
        ++value;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_timed_lock_is_unlocked_whether_it_was_taken_or_not() {
    std::timed_mutex guard;
    const auto work = [&] {
        (void)guard.try_lock_for(1ms);
        guard.unlock();
    };
    in_parallel(work, work);
}

void a_timed_acquire_is_ignored() {
    std::binary_semaphore one(1);
    std::atomic<int> inside{0};
    const auto enter = [&] {
        (void)one.try_acquire_for(1ms);
        EXPECT(++inside == 1);
        --inside;
        one.release();
    };
    in_parallel(enter, enter);
}

void a_deadlock_is_hoped_away_with_a_sleep() {
    std::mutex a, b;
    in_parallel(
        [&] {
            const std::lock_guard first(a);
            const std::lock_guard second(b);
        },
        [&] {
            std::this_thread::sleep_for(20ms);
            const std::lock_guard first(b);
            const std::lock_guard second(a);
        });
}

void a_late_thread_misses_the_only_notification() {
    std::mutex guard;
    std::condition_variable go;
    std::jthread runner([&] {
        std::unique_lock lock(guard);
        go.wait(lock);
    });
    std::this_thread::sleep_for(100ms);
    go.notify_one();
}

void a_time_stamp_is_taken_for_an_order() {
    std::atomic<int> winner{0};
    const auto start = std::chrono::steady_clock::now();
    on_threads(2, [&](int me) {
        std::this_thread::sleep_until(start + (me + 1) * 10ms);
        int none = 0;
        winner.compare_exchange_strong(none, me + 1);
    });
    EXPECT(winner == 1);
}

}  // namespace

corpus::topic timing() {
    return {
        "timing",
        {
            {"a sleep is taken for the end of the other thread",
             a_sleep_is_taken_for_the_end_of_the_other_thread,
             {wrong_result}},
            {"an atomic result is awaited by sleeping",
             an_atomic_result_is_awaited_by_sleeping,
             {wrong_result}},
            {"one thread sleeps longer than the other",
             one_thread_sleeps_longer_than_the_other,
             {wrong_result}},
            {"yields are taken for the turn of the other thread",
             yields_are_taken_for_the_turn_of_the_other_thread,
             {wrong_result}},
            {"a flag is awaited a hundred times at most",
             a_flag_is_awaited_a_hundred_times_at_most,
             {wrong_result, race}},
            {"a timed-out wait is taken for success",
             a_timed_out_wait_is_taken_for_success,
             {wrong_result}},
            {"a timed-out future is taken for ready",
             a_timed_out_future_is_taken_for_ready,
             {wrong_result, race}},
            {"a timed lock is used whether it was taken or not",
             a_timed_lock_is_used_whether_it_was_taken_or_not,
             {wrong_result, race}},
            {"a timed lock is unlocked whether it was taken or not",
             a_timed_lock_is_unlocked_whether_it_was_taken_or_not,
             {bad_unlock}},
            {"a timed acquire is ignored", a_timed_acquire_is_ignored, {wrong_result}},
            {"a deadlock is hoped away with a sleep",
             a_deadlock_is_hoped_away_with_a_sleep,
             {deadlock}},
            {"a late thread misses the only notification",
             a_late_thread_misses_the_only_notification,
             {lost_wakeup}},
            {"a time stamp is taken for an order",
             a_time_stamp_is_taken_for_an_order,
             {wrong_result}},
        },
    };
}

}  // namespace must_find
