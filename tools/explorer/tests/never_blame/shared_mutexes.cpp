// <shared_mutex>: many readers, one writer.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

void readers_see_both_values_or_neither() {
    std::shared_mutex guard;
    int a = 0, b = 0;
    const auto read = [&] {
        const std::shared_lock lock(guard);
        EXPECT(a == b);
    };
    in_parallel(read, read, [&] {
        const std::unique_lock lock(guard);
        a = 1;
        b = 1;
    });
}

void two_readers_are_inside_together() {
    std::shared_mutex guard;
    std::atomic<int> inside{0};
    const auto meet = [&] {
        const std::shared_lock lock(guard);
        ++inside;
        while (inside < 2) std::this_thread::yield();
    };
    in_parallel(meet, meet);
    EXPECT(inside == 2);
}

void a_phone_book_is_read_and_written() {
    struct {
        mutable std::shared_mutex guard;
        std::map<std::string, int> numbers;

        std::optional<int> find(const std::string& name) const {
            const std::shared_lock lock(guard);
            const auto found = numbers.find(name);
            return found == numbers.end() ? std::nullopt : std::optional(found->second);
        }
        void add(const std::string& name, int number) {
            const std::lock_guard lock(guard);
            numbers[name] = number;
        }
    } book;
    in_parallel([&] { book.add("ann", 1); }, [&] { book.add("bob", 2); },
                [&] { EXPECT(book.find("ann").value_or(1) == 1); });
    EXPECT(book.find("bob") == 2);
}

void an_upgrade_looks_again() {
    std::shared_mutex guard;
    std::vector<int> items;
    const auto add_once = [&] {
        {
            const std::shared_lock lock(guard);
            if (!items.empty()) return;
        }
        const std::unique_lock lock(guard);
        if (items.empty()) items.push_back(1);
    };
    in_parallel(add_once, add_once);
    EXPECT(items.size() == 1);
}

void a_shared_lock_is_tried() {
    std::shared_mutex guard;
    int value = 0;
    in_parallel(
        [&] {
            if (guard.try_lock_shared()) {
                EXPECT(value >= 0);
                guard.unlock_shared();
            }
        },
        [&] {
            if (guard.try_lock()) {
                ++value;
                guard.unlock();
            }
        });
}

void a_shared_timed_mutex_is_tried_with_a_time_limit() {
    std::shared_timed_mutex guard;
    int value = 0;
    std::atomic<int> writes{0};
    in_parallel(
        [&] {
            const std::shared_lock lock(guard, 1ms);
            if (lock) EXPECT(value >= 0);
        },
        [&] {
            if (guard.try_lock_for(1ms)) {
                ++value;
                ++writes;
                guard.unlock();
            }
        },
        [&] {
            if (guard.try_lock_shared_until(std::chrono::steady_clock::now() + 1ms)) {
                EXPECT(value >= 0);
                guard.unlock_shared();
            }
        });
    EXPECT(value == writes);
}

void shared_locks_are_moved_and_swapped() {
    std::shared_mutex a, b;
    int value = 0;
    in_parallel(
        [&] {
            std::shared_lock first(a);
            std::shared_lock second(b, std::defer_lock);
            first.swap(second);
            std::shared_lock third = std::move(second);
            EXPECT(third.owns_lock() && !first.owns_lock());
            EXPECT(value >= 0);
        },
        [&] {
            const std::scoped_lock both(a, b);
            ++value;
        });
}

void scoped_locks_take_exclusive_locks_in_both_orders() {
    std::shared_mutex a, b;
    int value = 0;
    in_parallel(
        [&] {
            const std::scoped_lock both(a, b);
            ++value;
        },
        [&] {
            const std::scoped_lock both(b, a);
            ++value;
        });
    EXPECT(value == 2);
}

void writers_take_turns_with_readers() {
    std::shared_mutex guard;
    int value = 0;
    in_parallel(
        [&] {
            for (int i = 0; i < 2; ++i) {
                const std::lock_guard lock(guard);
                ++value;
            }
        },
        [&] {
            int last = 0;
            for (int i = 0; i < 2; ++i) {
                const std::shared_lock lock(guard);
                EXPECT(value >= last);
                last = value;
            }
        });
    EXPECT(value == 2);
}

}  // namespace

corpus::topic shared_mutexes() {
    return {
        "shared mutexes",
        {
            {"readers see both values or neither", readers_see_both_values_or_neither},
            {"two readers are inside together", two_readers_are_inside_together},
            {"a phone book is read and written", a_phone_book_is_read_and_written},
            {"an upgrade looks again", an_upgrade_looks_again},
            {"a shared lock is tried", a_shared_lock_is_tried},
            {"a shared timed mutex is tried with a time limit",
             a_shared_timed_mutex_is_tried_with_a_time_limit},
            {"shared locks are moved and swapped", shared_locks_are_moved_and_swapped},
            {"scoped_locks take exclusive locks in both orders",
             scoped_locks_take_exclusive_locks_in_both_orders},
            {"writers take turns with readers", writers_take_turns_with_readers},
        },
    };
}

}  // namespace never_blame
