// The whole of <mutex>.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

void a_counter_is_guarded_by_a_mutex() {
    std::mutex guard;
    int count = 0;
    on_threads(3, [&](int) {
        for (int i = 0; i < 10; ++i) {
            const std::lock_guard lock(guard);
            ++count;
        }
    });
    EXPECT(count == 30);
}

void a_lock_is_taken_and_given_back_by_hand() {
    std::mutex guard;
    int count = 0;
    const auto add = [&] {
        guard.lock();
        ++count;
        guard.unlock();
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void try_lock_is_repeated_until_it_succeeds() {
    std::mutex guard;
    int count = 0;
    const auto add = [&] {
        while (!guard.try_lock()) std::this_thread::yield();
        ++count;
        guard.unlock();
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void who_cannot_have_the_lock_does_something_else() {
    std::mutex guard;
    int count = 0;
    std::atomic<int> elsewhere{0};
    const auto add = [&] {
        if (const std::unique_lock lock(guard, std::try_to_lock); lock) {
            ++count;
        } else {
            ++elsewhere;
        }
    };
    in_parallel(add, add);
    EXPECT(count + elsewhere == 2);
}

void unique_locks_are_deferred_adopted_moved_swapped_and_released() {
    std::mutex a, b;
    int under_a = 0, under_b = 0;
    const auto work = [&] {
        std::unique_lock first(a, std::defer_lock);
        first.lock();
        std::unique_lock moved = std::move(first);
        EXPECT(!first.owns_lock() && moved.owns_lock());
        ++under_a;
        moved.unlock();
        b.lock();
        std::unique_lock second(b, std::adopt_lock);
        second.swap(moved);
        ++under_b;
        std::mutex* const released = moved.release();
        released->unlock();
    };
    in_parallel(work, work);
    EXPECT(under_a == 2 && under_b == 2);
}

std::unique_lock<std::mutex> lock_and_prepare(std::mutex& guard, int& value) {
    std::unique_lock lock(guard);
    ++value;
    return lock;
}

void a_function_returns_its_lock() {
    std::mutex guard;
    int value = 0;
    const auto work = [&] {
        const auto lock = lock_and_prepare(guard, value);
        ++value;
    };
    in_parallel(work, work);
    EXPECT(value == 4);
}

void scoped_locks_name_two_mutexes_in_both_orders() {
    std::mutex a, b;
    int count = 0;
    in_parallel(
        [&] {
            const std::scoped_lock both(a, b);
            ++count;
        },
        [&] {
            const std::scoped_lock both(b, a);
            ++count;
        });
    EXPECT(count == 2);
}

void scoped_locks_name_three_mutexes_in_a_circle() {
    std::mutex a, b, c;
    int count = 0;
    in_parallel(
        [&] {
            const std::scoped_lock all(a, b, c);
            ++count;
        },
        [&] {
            const std::scoped_lock all(b, c, a);
            ++count;
        },
        [&] {
            const std::scoped_lock all(c, a, b);
            ++count;
        });
    EXPECT(count == 3);
}

void two_mutexes_are_locked_together_and_adopted() {
    std::mutex a, b;
    int count = 0;
    const auto work = [&](std::mutex& one, std::mutex& other) {
        std::lock(one, other);
        const std::lock_guard first(one, std::adopt_lock);
        const std::lock_guard second(other, std::adopt_lock);
        ++count;
    };
    in_parallel([&] { work(a, b); }, [&] { work(b, a); });
    EXPECT(count == 2);
}

void two_mutexes_are_tried_together() {
    std::mutex a, b;
    int count = 0;
    const auto work = [&](std::mutex& one, std::mutex& other) {
        while (std::try_lock(one, other) != -1) std::this_thread::yield();
        ++count;
        one.unlock();
        other.unlock();
    };
    in_parallel([&] { work(a, b); }, [&] { work(b, a); });
    EXPECT(count == 2);
}

void a_recursive_mutex_is_locked_three_times() {
    std::recursive_mutex guard;
    int count = 0;
    const auto add = [&] {
        const std::lock_guard outer(guard);
        const std::lock_guard middle(guard);
        EXPECT(guard.try_lock());
        ++count;
        guard.unlock();
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void a_recursive_timed_mutex_is_locked_with_a_time_limit() {
    std::recursive_timed_mutex guard;
    int count = 0;
    const auto add = [&] {
        const std::lock_guard outer(guard);
        if (guard.try_lock_for(1ms)) {
            ++count;
            guard.unlock();
        }
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void a_timed_mutex_is_given_up_on() {
    std::timed_mutex guard;
    int count = 0;
    std::atomic<int> given_up{0};
    const auto add = [&] {
        if (guard.try_lock_for(1ms)) {
            ++count;
            guard.unlock();
        } else {
            ++given_up;
        }
    };
    in_parallel(add, add);
    EXPECT(count + given_up == 2);
}

void a_timed_mutex_is_tried_until_a_point_in_time() {
    std::timed_mutex guard;
    int count = 0;
    const auto add = [&] {
        std::unique_lock lock(guard, std::defer_lock);
        while (!lock.try_lock_until(std::chrono::steady_clock::now() + 1ms)) {
        }
        ++count;
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void the_holder_of_a_timed_mutex_sleeps() {
    std::timed_mutex guard;
    in_parallel(
        [&] {
            const std::lock_guard lock(guard);
            std::this_thread::sleep_for(3ms);
        },
        [&] {
            const auto start = std::chrono::steady_clock::now();
            if (guard.try_lock_for(1ms)) {
                guard.unlock();
            } else {
                EXPECT(std::chrono::steady_clock::now() - start >= 1ms);
            }
        });
}

void call_once_calls_once() {
    std::once_flag once;
    int value = 0;
    on_threads(3, [&](int) {
        std::call_once(once, [&] { value += 5; });
        EXPECT(value == 5);
    });
}

void call_once_is_tried_again_after_an_exception() {
    std::once_flag once;
    int calls = 0, value = 0;
    std::atomic<int> caught{0};
    const auto initialize = [&] {
        try {
            std::call_once(once, [&] {
                if (++calls == 1) throw std::runtime_error("the first call fails");
                value = 5;
            });
            EXPECT(value == 5);
        } catch (const std::runtime_error&) {
            ++caught;
        }
    };
    in_parallel(initialize, initialize);
    EXPECT(caught == 1);
    EXPECT(calls == 2);
}

void philosophers_take_the_forks_in_one_order() {
    std::array<std::mutex, 5> forks;
    std::array<int, 5> meals{};
    on_threads(5, [&](int i) {
        const auto left = static_cast<std::size_t>(i);
        const auto right = (left + 1) % 5;
        const std::lock_guard lower(forks[std::min(left, right)]);
        const std::lock_guard upper(forks[std::max(left, right)]);
        ++meals[left];
    });
    for (const int eaten : meals) EXPECT(eaten == 1);
}

void philosophers_take_both_forks_at_once() {
    std::array<std::mutex, 3> forks;
    int eaten = 0;
    std::mutex counting;
    on_threads(3, [&](int i) {
        const auto left = static_cast<std::size_t>(i);
        const std::scoped_lock both(forks[left], forks[(left + 1) % 3]);
        const std::lock_guard lock(counting);
        ++eaten;
    });
    EXPECT(eaten == 3);
}

void a_list_is_locked_hand_over_hand() {
    struct element {
        std::mutex guard;
        int value = 0;
        std::unique_ptr<element> next;
    };
    element head;
    for (int i = 3; i > 0; --i) {
        auto fresh = std::make_unique<element>();
        fresh->value = i;
        fresh->next = std::move(head.next);
        head.next = std::move(fresh);
    }
    const auto add_to_all = [&](int n) {
        std::unique_lock lock(head.guard);
        for (element* e = head.next.get(); e != nullptr; e = e->next.get()) {
            std::unique_lock next(e->guard);
            lock = std::move(next);
            e->value += n;
        }
    };
    in_parallel([&] { add_to_all(10); }, [&] { add_to_all(100); });
    int sum = 0;
    for (element* e = head.next.get(); e != nullptr; e = e->next.get()) sum += e->value;
    EXPECT(sum == 6 + 330);
}

void money_moves_between_accounts_by_address() {
    struct account {
        std::mutex guard;
        int balance = 100;
    } a, b;
    const auto transfer = [](account& from, account& to, int amount) {
        account& first = &from < &to ? from : to;
        account& second = &from < &to ? to : from;
        const std::lock_guard one(first.guard);
        const std::lock_guard other(second.guard);
        from.balance -= amount;
        to.balance += amount;
    };
    in_parallel([&] { transfer(a, b, 30); }, [&] { transfer(b, a, 10); });
    EXPECT(a.balance == 80 && b.balance == 120);
}

void the_last_owner_deletes_the_mutex_it_has_unlocked() {
    struct object {
        std::mutex guard;
        int owners = 2;
    };
    auto* const shared = new object;
    const auto drop = [shared] {
        shared->guard.lock();
        const bool last = --shared->owners == 0;
        shared->guard.unlock();
        if (last) delete shared;
    };
    in_parallel(drop, drop);
}

void a_static_mutex_guards_a_static() {
    static std::mutex guard;
    static int count = 0;
    const int before = count;
    const auto add = [] {
        const std::lock_guard lock(guard);
        ++count;
    };
    in_parallel(add, add);
    EXPECT(count == before + 2);
}

void the_lock_is_released_by_an_exception() {
    std::mutex guard;
    int count = 0;
    const auto add = [&] {
        try {
            const std::lock_guard lock(guard);
            ++count;
            throw std::runtime_error("after the change");
        } catch (const std::runtime_error&) {
        }
    };
    in_parallel(add, add);
    EXPECT(count == 2);
}

void a_condition_is_checked_again_under_the_lock() {
    std::mutex guard;
    std::unique_ptr<int> instance;
    std::atomic<int*> published{nullptr};
    int created = 0;
    const auto get = [&] {
        int* seen = published.load(std::memory_order_acquire);
        if (!seen) {
            const std::lock_guard lock(guard);
            if (!instance) {
                instance = std::make_unique<int>(7);
                ++created;
                published.store(instance.get(), std::memory_order_release);
            }
            seen = instance.get();
        }
        EXPECT(*seen == 7);
    };
    in_parallel(get, get, get);
    EXPECT(created == 1);
}

void a_mutex_is_locked_nine_hundred_times() {
    std::mutex guard;
    long count = 0;
    on_threads(3, [&](int) {
        for (int i = 0; i < 300; ++i) {
            const std::lock_guard lock(guard);
            ++count;
        }
    });
    EXPECT(count == 900);
}

}  // namespace

corpus::topic mutexes() {
    return {
        "mutexes",
        {
            {"a counter is guarded by a mutex", a_counter_is_guarded_by_a_mutex},
            {"a lock is taken and given back by hand", a_lock_is_taken_and_given_back_by_hand},
            {"try_lock is repeated until it succeeds", try_lock_is_repeated_until_it_succeeds},
            {"who cannot have the lock does something else",
             who_cannot_have_the_lock_does_something_else},
            {"unique_locks are deferred, adopted, moved, swapped and released",
             unique_locks_are_deferred_adopted_moved_swapped_and_released},
            {"a function returns its lock", a_function_returns_its_lock},
            {"scoped_locks name two mutexes in both orders",
             scoped_locks_name_two_mutexes_in_both_orders},
            {"scoped_locks name three mutexes in a circle",
             scoped_locks_name_three_mutexes_in_a_circle},
            {"two mutexes are locked together and adopted",
             two_mutexes_are_locked_together_and_adopted},
            {"two mutexes are tried together", two_mutexes_are_tried_together},
            {"a recursive mutex is locked three times", a_recursive_mutex_is_locked_three_times},
            {"a recursive timed mutex is locked with a time limit",
             a_recursive_timed_mutex_is_locked_with_a_time_limit},
            {"a timed mutex is given up on", a_timed_mutex_is_given_up_on},
            {"a timed mutex is tried until a point in time",
             a_timed_mutex_is_tried_until_a_point_in_time},
            {"the holder of a timed mutex sleeps", the_holder_of_a_timed_mutex_sleeps},
            {"call_once calls once", call_once_calls_once},
            {"call_once is tried again after an exception",
             call_once_is_tried_again_after_an_exception},
            {"philosophers take the forks in one order", philosophers_take_the_forks_in_one_order},
            {"philosophers take both forks at once", philosophers_take_both_forks_at_once},
            {"a list is locked hand over hand", a_list_is_locked_hand_over_hand},
            {"money moves between accounts by address", money_moves_between_accounts_by_address},
            {"the last owner deletes the mutex it has unlocked",
             the_last_owner_deletes_the_mutex_it_has_unlocked},
            {"a static mutex guards a static", a_static_mutex_guards_a_static},
            {"the lock is released by an exception", the_lock_is_released_by_an_exception},
            {"a condition is checked again under the lock",
             a_condition_is_checked_again_under_the_lock},
            {"a mutex is locked nine hundred times", a_mutex_is_locked_nine_hundred_times},
        },
    };
}

}  // namespace never_blame
