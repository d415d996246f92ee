// Ways to end that are none of the program's plan: exceptions, signals, exits and no end at all.

#undef NDEBUG  // assert() must stay in every build
#include <cassert>
#include <cstdlib>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void an_exception_leaves_a_thread() {
    in_parallel([] { throw std::runtime_error("boom"); });
}

void an_exception_leaves_a_thread_in_one_order_only() {
    std::atomic<int> divisor{0};
    in_parallel(
        [&] {
            if (divisor == 0) throw std::domain_error("division by zero");
        },
        [&] { divisor = 3; });
}

void an_exception_leaves_the_body() {
    std::mutex guard;
    int value = 0;
    const std::jthread worker([&] {
        const std::lock_guard lock(guard);
        ++value;
    });
    throw std::runtime_error("out of the body");
}

void an_exception_passes_a_thread_that_is_not_joined() {
    try {
        std::thread worker([] {});
        throw std::runtime_error("between the start and the join");
        worker.join();
    } catch (const std::runtime_error&) {
    }
}

void a_promise_is_set_twice() {
    std::promise<int> answer;
    const auto set = [&] { answer.set_value(1); };
    in_parallel(set, set);
}

void a_broken_promise_is_not_caught() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel([&] { std::promise<int> gone = std::move(answer); }, [&] { future.get(); });
}

void a_thread_is_joined_twice() {
    std::thread worker([] {});
    worker.join();
    worker.join();
}

void a_thread_joins_itself() {
    std::thread worker;
    std::mutex guard;
    std::condition_variable stored;
    bool is_stored = false;
    worker = std::thread([&] {
        std::unique_lock lock(guard);
        stored.wait(lock, [&] { return is_stored; });
        lock.unlock();
        worker.join();
    });
    {
        const std::lock_guard lock(guard);
        is_stored = true;
    }
    stored.notify_one();
    while (worker.joinable()) std::this_thread::yield();
}

void a_lock_is_unlocked_that_is_not_held() {
    std::mutex guard;
    std::unique_lock lock(guard);
    lock.unlock();
    lock.unlock();
}

void a_mutex_is_unlocked_by_another_thread() {
    std::mutex guard;
    guard.lock();
    in_parallel([&] { guard.unlock(); });
}

void a_mutex_is_unlocked_twice() {
    std::mutex guard;
    guard.lock();
    guard.unlock();
    guard.unlock();
}

void a_failed_try_lock_is_unlocked() {
    std::mutex guard;
    const auto work = [&] {
        (void)guard.try_lock();
        guard.unlock();
    };
    in_parallel(work, work);
}

void an_assertion_fails_in_one_order_only() {
    std::atomic<int> step{0};
    in_parallel([&] { step = 1; }, [&] { assert(step == 0); });
}

void a_thread_aborts_in_one_order_only() {
    std::atomic<bool> ready{false};
    in_parallel([&] { ready = true; },
                [&] {
                    if (!ready) std::abort();
                });
}

void a_null_pointer_is_followed_in_one_order_only() {
    std::atomic<int*> shared{nullptr};
    int value = 1;
    in_parallel([&] { shared = &value; }, [&] { EXPECT(*shared.load() == 1); });
}

void a_noexcept_function_throws_in_a_thread() {
    const auto careless = []() noexcept {
        std::vector<int> empty;
        (void)empty.at(1);
    };
    in_parallel(careless);
}

void a_thread_ends_the_process() {
    in_parallel([] { std::exit(3); });
}

// Each call hands on the address of its frame, so that no compiler makes a loop of it.
int descend(const volatile char* caller) {
    volatile char frame[512];
    frame[0] = caller[0];
    if (frame[0] == 'z') return 0;
    return descend(frame) + frame[0];
}

void a_thread_recurses_without_an_end() {
    in_parallel([] {
        volatile char first = 'a';
        descend(&first);
    });
}

void a_thread_computes_without_an_end() {
    in_parallel([] {
        for (;;) asm volatile("" ::: "memory");
    });
}

void a_thread_spins_on_a_flag_that_nobody_sets() {
    std::atomic<bool> ready{false};
    in_parallel([&] {
        while (!ready) {
        }
    });
}

void a_thread_spins_politely_on_a_flag_that_is_never_set_in_one_order() {
    std::atomic<bool> ready{false}, cancelled{false};
    in_parallel(
        [&] {
            while (!ready) std::this_thread::yield();
        },
        [&] {
            if (!cancelled) ready = true;
        },
        [&] { cancelled = true; });
}

void a_thread_sleeps_and_looks_for_ever() {
    std::atomic<bool> ready{false};
    in_parallel([&] {
        while (!ready) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
}

void a_spinlock_is_locked_again_by_its_owner() {
    std::atomic_flag taken;
    const auto lock = [&] {
        while (taken.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    };
    in_parallel([&] {
        lock();
        lock();
    });
}

void a_jthread_never_asks_its_stop_token() {
    std::atomic<int> rounds{0};
    const std::jthread worker([&](const std::stop_token&) {
        while (rounds >= 0) rounds = 1;
    });
}

void two_threads_let_each_other_go_first_for_ever() {
    std::atomic<bool> mine{true}, yours{true};
    in_parallel(
        [&] {
            while (yours) std::this_thread::yield();
            mine = false;
        },
        [&] {
            while (mine) std::this_thread::yield();
            yours = false;
        });
}

void a_thread_waits_for_a_socket_that_stays_silent() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return;
    in_parallel([&] {
        char byte = 0;
        (void)recv(ends[0], &byte, 1, 0);
    });
    close(ends[0]);
    close(ends[1]);
}

}  // namespace

corpus::topic endings() {
    return {
        "endings",
        {
            {"an exception leaves a thread", an_exception_leaves_a_thread, {uncaught_exception}},
            {"an exception leaves a thread in one order only",
             an_exception_leaves_a_thread_in_one_order_only,
             {uncaught_exception}},
            {"an exception leaves the body", an_exception_leaves_the_body, {uncaught_exception}},
            {"an exception passes a thread that is not joined",
             an_exception_passes_a_thread_that_is_not_joined,
             {unjoined_thread}},
            {"a promise is set twice", a_promise_is_set_twice, {uncaught_exception}},
            {"a broken promise is not caught",
             a_broken_promise_is_not_caught,
             {uncaught_exception}},
            {"a thread is joined twice", a_thread_is_joined_twice, {uncaught_exception}},
            {"a thread joins itself",
             a_thread_joins_itself,
             {uncaught_exception, deadlock, self_deadlock}},
            {"a lock is unlocked that is not held",
             a_lock_is_unlocked_that_is_not_held,
             {uncaught_exception}},
            {"a mutex is unlocked by another thread",
             a_mutex_is_unlocked_by_another_thread,
             {bad_unlock}},
            {"a mutex is unlocked twice", a_mutex_is_unlocked_twice, {bad_unlock}},
            {"a failed try_lock is unlocked", a_failed_try_lock_is_unlocked, {bad_unlock}},
            {"an assertion fails in one order only",
             an_assertion_fails_in_one_order_only,
             {wrong_result}},
            {"a thread aborts in one order only", a_thread_aborts_in_one_order_only, {crash}},
            {"a null pointer is followed in one order only",
             a_null_pointer_is_followed_in_one_order_only,
             {crash}},
            {"a noexcept function throws in a thread",
             a_noexcept_function_throws_in_a_thread,
             {uncaught_exception, crash}},
            {"a thread ends the process", a_thread_ends_the_process, {exit}},
            {"a thread recurses without an end",
             a_thread_recurses_without_an_end,
             {stack_overflow}},
            {"a thread computes without an end", a_thread_computes_without_an_end, {hang}},
            {"a thread spins on a flag that nobody sets",
             a_thread_spins_on_a_flag_that_nobody_sets,
             {livelock, hang}},
            {"a thread spins politely on a flag that is never set in one order",
             a_thread_spins_politely_on_a_flag_that_is_never_set_in_one_order,
             {livelock, hang}},
            {"a thread sleeps and looks for ever",
             a_thread_sleeps_and_looks_for_ever,
             {livelock, hang}},
            {"a spinlock is locked again by its owner",
             a_spinlock_is_locked_again_by_its_owner,
             {livelock, hang}},
            {"a jthread never asks its stop token",
             a_jthread_never_asks_its_stop_token,
             {livelock, hang, step_limit}},
            {"two threads let each other go first for ever",
             two_threads_let_each_other_go_first_for_ever,
             {livelock, hang}},
            {"a thread waits for a socket that stays silent",
             a_thread_waits_for_a_socket_that_stays_silent,
             {outside_world}},
        },
    };
}

}  // namespace must_find
