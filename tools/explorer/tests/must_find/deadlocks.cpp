// Threads that wait for each other, or for what nobody will ever do.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void two_threads_lock_two_mutexes_in_opposite_orders() {
    std::mutex a, b;
    in_parallel(
        [&] {
            const std::lock_guard first(a);
            const std::lock_guard second(b);
        },
        [&] {
            const std::lock_guard first(b);
            const std::lock_guard second(a);
        });
}

void the_orders_differ_after_twenty_other_locks() {
    std::mutex a, b, log;
    int lines = 0;
    const auto work = [&] {
        for (int i = 0; i < 20; ++i) {
            const std::lock_guard lock(log);
            ++lines;
        }
    };
    in_parallel(
        [&] {
            work();
            const std::lock_guard first(a);
            const std::lock_guard second(b);
        },
        [&] {
            work();
            const std::lock_guard first(b);
            const std::lock_guard second(a);
        });
}

void three_threads_lock_three_mutexes_in_a_circle() {
    std::mutex a, b, c;
    const auto both = [](std::mutex& one, std::mutex& other) {
        const std::lock_guard first(one);
        const std::lock_guard second(other);
    };
    in_parallel([&] { both(a, b); }, [&] { both(b, c); }, [&] { both(c, a); });
}

void philosophers(int count) {
    std::vector<std::mutex> forks(static_cast<std::size_t>(count));
    on_threads(count, [&](int i) {
        const std::lock_guard left(forks[static_cast<std::size_t>(i)]);
        const std::lock_guard right(forks[static_cast<std::size_t>((i + 1) % count)]);
    });
}

void three_philosophers_take_the_left_fork_first() {
    philosophers(3);
}
void five_philosophers_take_the_left_fork_first() {
    philosophers(5);
}

void two_accounts_transfer_to_each_other() {
    struct account {
        std::mutex guard;
        int balance = 100;

        void transfer(account& to, int amount) {
            const std::lock_guard mine(guard);
            const std::lock_guard theirs(to.guard);
            balance -= amount;
            to.balance += amount;
        }
    } a, b;
    in_parallel([&] { a.transfer(b, 10); }, [&] { b.transfer(a, 20); });
}

void a_thread_locks_its_own_mutex_again() {
    std::mutex guard;
    const std::lock_guard first(guard);
    const std::lock_guard second(guard);
}

void a_locked_method_calls_a_locked_method() {
    struct {
        std::mutex guard;
        int value = 0;

        int get() {
            const std::lock_guard lock(guard);
            return value;
        }
        void increment() {
            const std::lock_guard lock(guard);
            value = get() + 1;
        }
    } shared;
    in_parallel([&] { shared.increment(); }, [&] { shared.get(); });
}

void a_listener_asks_its_publisher_under_the_lock() {
    struct publisher {
        std::mutex guard;
        std::function<void()> listener;
        int value = 0;

        int get() {
            const std::lock_guard lock(guard);
            return value;
        }
        void publish(int next) {
            const std::lock_guard lock(guard);
            value = next;
            if (listener) listener();
        }
    } shared;
    shared.listener = [&] { shared.get(); };
    in_parallel([&] { shared.publish(1); });
}

void a_lock_is_held_while_joining_a_thread_that_needs_it() {
    std::mutex guard;
    int value = 0;
    std::thread worker([&] {
        const std::lock_guard lock(guard);
        ++value;
    });
    const std::lock_guard lock(guard);
    worker.join();
}

void a_lock_is_held_while_a_temporary_future_is_destroyed() {
    std::mutex guard;
    int value = 0;
    const std::lock_guard lock(guard);
    (void)std::async(std::launch::async, [&] {
        const std::lock_guard inner(guard);
        ++value;
    });
}

void an_early_return_keeps_the_lock() {
    std::mutex guard;
    int value = 0;
    const auto add_to_at_most_one = [&] {
        guard.lock();
        if (value == 1) return;
        ++value;
        guard.unlock();
    };
    on_threads(3, [&](int) { add_to_at_most_one(); });
}

void an_exception_keeps_the_lock() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        try {
            guard.lock();
            if (++value == 2) throw std::runtime_error("two is too much");
            guard.unlock();
        } catch (const std::runtime_error&) {
        }
    };
    on_threads(3, [&](int) { add(); });
}

void two_readers_both_want_to_become_the_writer() {
    std::shared_mutex guard;
    int value = 0;
    const auto upgrade = [&] {
        guard.lock_shared();
        if (value == 0) {
            guard.lock();
            ++value;
            guard.unlock();
        }
        guard.unlock_shared();
    };
    in_parallel(upgrade, upgrade);
}

void a_scoped_lock_of_two_is_no_help_against_a_third() {
    std::mutex a, b, c;
    in_parallel(
        [&] {
            const std::scoped_lock both(a, b);
            const std::lock_guard third(c);
        },
        [&] {
            const std::lock_guard third(c);
            const std::lock_guard first(a);
        });
}

void a_monitor_waits_while_it_keeps_the_outer_lock() {
    std::mutex outer, inner;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            const std::lock_guard hold(outer);
            std::unique_lock lock(inner);
            while (!ready) changed.wait(lock);
        },
        [&] {
            const std::lock_guard hold(outer);
            const std::lock_guard lock(inner);
            ready = true;
            changed.notify_one();
        });
}

void a_promise_is_never_set() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel([&] { future.wait(); });
}

void two_futures_wait_for_each_other() {
    std::promise<int> a, b;
    auto from_a = a.get_future();
    auto from_b = b.get_future();
    in_parallel([&] { a.set_value(from_b.get()); }, [&] { b.set_value(from_a.get()); });
}

void a_promise_is_set_on_one_path_only() {
    std::promise<int> answer;
    auto future = answer.get_future();
    std::atomic<bool> cancelled{false};
    in_parallel(
        [&] {
            if (!cancelled) answer.set_value(1);
        },
        [&] { cancelled = true; }, [&] { future.wait(); });
}

void a_task_waits_for_a_task_behind_it_in_the_only_worker() {
    std::packaged_task<int()> inner([] { return 1; });
    auto inner_done = inner.get_future();
    std::packaged_task<int()> outer([&] { return inner_done.get() + 1; });
    std::thread worker([&] {
        outer();
        inner();
    });
    worker.join();
}

void call_once_calls_itself() {
    std::once_flag once;
    std::function<void(int)> initialize = [&](int depth) {
        if (depth < 2) std::call_once(once, initialize, depth + 1);
    };
    in_parallel([&] { initialize(0); });
}

void two_initializations_need_each_other() {
    std::once_flag a, b;
    int x = 0, y = 0;
    in_parallel([&] { std::call_once(a, [&] { std::call_once(b, [&] { x = 1; }); }); },
                [&] { std::call_once(b, [&] { std::call_once(a, [&] { y = 1; }); }); });
}

void a_jthread_is_joined_that_ignores_its_stop_token() {
    std::mutex guard;
    std::condition_variable_any changed;
    const std::jthread worker([&] {
        std::unique_lock lock(guard);
        changed.wait(lock, [] { return false; });
    });
}

void a_lock_and_a_join_form_a_circle() {
    std::mutex guard;
    std::thread first([&] { const std::lock_guard lock(guard); });
    std::thread second([&] {
        const std::lock_guard lock(guard);
        first.join();
    });
    second.join();
}

void a_unique_lock_is_released_instead_of_unlocked() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        std::unique_lock lock(guard);
        ++value;
        lock.release();
    };
    in_parallel(add, add);
}

}  // namespace

corpus::topic deadlocks() {
    return {
        "deadlocks",
        {
            {"two threads lock two mutexes in opposite orders",
             two_threads_lock_two_mutexes_in_opposite_orders,
             {deadlock}},
            {"the orders differ after twenty other locks",
             the_orders_differ_after_twenty_other_locks,
             {deadlock}},
            {"three threads lock three mutexes in a circle",
             three_threads_lock_three_mutexes_in_a_circle,
             {deadlock}},
            {"three philosophers take the left fork first",
             three_philosophers_take_the_left_fork_first,
             {deadlock}},
            {"five philosophers take the left fork first",
             five_philosophers_take_the_left_fork_first,
             {deadlock}},
            {"two accounts transfer to each other",
             two_accounts_transfer_to_each_other,
             {deadlock}},
            {"a thread locks its own mutex again",
             a_thread_locks_its_own_mutex_again,
             {self_deadlock}},
            {"a locked method calls a locked method",
             a_locked_method_calls_a_locked_method,
             {self_deadlock}},
            {"a listener asks its publisher under the lock",
             a_listener_asks_its_publisher_under_the_lock,
             {self_deadlock}},
            {"a lock is held while joining a thread that needs it",
             a_lock_is_held_while_joining_a_thread_that_needs_it,
             {deadlock}},
            {"a lock is held while a temporary future is destroyed",
             a_lock_is_held_while_a_temporary_future_is_destroyed,
             {deadlock}},
            {"an early return keeps the lock", an_early_return_keeps_the_lock, {deadlock}},
            {"an exception keeps the lock", an_exception_keeps_the_lock, {deadlock}},
            {"two readers both want to become the writer",
             two_readers_both_want_to_become_the_writer,
             {deadlock, self_deadlock}},
            {"a scoped_lock of two is no help against a third",
             a_scoped_lock_of_two_is_no_help_against_a_third,
             {deadlock}},
            {"a monitor waits while it keeps the outer lock",
             a_monitor_waits_while_it_keeps_the_outer_lock,
             {deadlock, lost_wakeup}},
            {"a promise is never set", a_promise_is_never_set, {deadlock}},
            {"two futures wait for each other", two_futures_wait_for_each_other, {deadlock}},
            {"a promise is set on one path only", a_promise_is_set_on_one_path_only, {deadlock}},
            {"a task waits for a task behind it in the only worker",
             a_task_waits_for_a_task_behind_it_in_the_only_worker,
             {deadlock}},
            {"call_once calls itself", call_once_calls_itself, {deadlock, self_deadlock}},
            {"two initializations need each other",
             two_initializations_need_each_other,
             {deadlock}},
            {"a jthread is joined that ignores its stop token",
             a_jthread_is_joined_that_ignores_its_stop_token,
             {deadlock, lost_wakeup}},
            {"a lock and a join form a circle", a_lock_and_a_join_form_a_circle, {deadlock}},
            {"a unique_lock is released instead of unlocked",
             a_unique_lock_is_released_instead_of_unlocked,
             {deadlock}},
        },
    };
}

}  // namespace must_find
