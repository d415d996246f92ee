// Atomics whose order is too weak for what they are used for. On x86 most of these never fail.

#include <atomic>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;

template <std::memory_order Store, std::memory_order Load>
void both_look_before_either_store_arrives() {
    std::atomic<int> x{0}, y{0};
    int seen_y = 0, seen_x = 0;
    in_parallel(
        [&] {
            x.store(1, Store);
            seen_y = y.load(Load);
        },
        [&] {
            y.store(1, Store);
            seen_x = x.load(Load);
        });
    EXPECT(seen_x == 1 || seen_y == 1);
}

void two_readers_disagree_about_two_independent_writes() {
    std::atomic<int> x{0}, y{0};
    int x_first = 0, then_y = 0, y_first = 0, then_x = 0;
    in_parallel([&] { x.store(1, memory_order_release); },
                [&] { y.store(1, memory_order_release); },
                [&] {
                    x_first = x.load(memory_order_acquire);
                    then_y = y.load(memory_order_acquire);
                },
                [&] {
                    y_first = y.load(memory_order_acquire);
                    then_x = x.load(memory_order_acquire);
                });
    EXPECT(!(x_first == 1 && then_y == 0 && y_first == 1 && then_x == 0));
}

/// Mutual exclusion for two, by Peterson; right only if everything is seq_cst.
template <std::memory_order Store, std::memory_order Load>
struct peterson_lock {
    std::atomic<bool> wants[2] = {false, false};
    std::atomic<int> turn{0};

    void lock(int me) {
        wants[me].store(true, Store);
        turn.store(1 - me, Store);
        while (wants[1 - me].load(Load) && turn.load(Load) == 1 - me) std::this_thread::yield();
    }
    void unlock(int me) { wants[me].store(false, Store); }
};

template <std::memory_order Store, std::memory_order Load>
void petersons_lock() {
    peterson_lock<Store, Load> lock;
    std::atomic<int> inside{0};
    on_threads(2, [&](int me) {
        lock.lock(me);
        EXPECT(inside.fetch_add(1, memory_order_relaxed) == 0);
        inside.fetch_sub(1, memory_order_relaxed);
        lock.unlock(me);
    });
}

void dekkers_lock_with_release_and_acquire() {
    std::atomic<bool> wants[2] = {false, false};
    std::atomic<int> turn{0};
    std::atomic<int> inside{0};
    on_threads(2, [&](int me) {
        const int other = 1 - me;
        wants[me].store(true, memory_order_release);
        while (wants[other].load(memory_order_acquire)) {
            if (turn.load(memory_order_acquire) == other) {
                wants[me].store(false, memory_order_release);
                while (turn.load(memory_order_acquire) == other) std::this_thread::yield();
                wants[me].store(true, memory_order_release);
            }
        }
        EXPECT(inside.fetch_add(1, memory_order_relaxed) == 0);
        inside.fetch_sub(1, memory_order_relaxed);
        turn.store(other, memory_order_release);
        wants[me].store(false, memory_order_release);
    });
}

void a_seqlock_without_fences() {
    std::atomic<unsigned> version{0};
    std::atomic<int> x{0}, y{0};
    in_parallel(
        [&] {
            version.store(1, memory_order_relaxed);
            x.store(1, memory_order_relaxed);
            y.store(1, memory_order_relaxed);
            version.store(2, memory_order_release);
        },
        [&] {
            const unsigned before = version.load(memory_order_acquire);
            const int seen_x = x.load(memory_order_relaxed);
            const int seen_y = y.load(memory_order_relaxed);
            const unsigned after = version.load(memory_order_relaxed);
            if (before == after && before % 2 == 0) EXPECT(seen_x == seen_y);
        });
}

void a_spinlock_that_is_relaxed() {
    std::atomic_flag taken;
    int value = 0;
    const auto add = [&] {
        while (taken.test_and_set(memory_order_relaxed)) std::this_thread::yield();
        ++value;
        taken.clear(memory_order_relaxed);
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_spinlock_that_is_unlocked_relaxed() {
    std::atomic_flag taken;
    int value = 0;
    const auto add = [&] {
        while (taken.test_and_set(memory_order_acquire)) std::this_thread::yield();
        ++value;
        taken.clear(memory_order_relaxed);
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void the_last_owner_deletes_after_a_relaxed_decrement() {
    struct shared {
        std::atomic<int> owners{2};
        int value = 0;
    };
    auto* object = new shared;
    const auto drop = [object](int mine) {
        if (mine == 0) object->value = 1;
        if (object->owners.fetch_sub(1, memory_order_relaxed) == 1) delete object;
    };
    on_threads(2, drop);
}

void a_hazard_pointer_is_announced_with_release() {
    std::atomic<int*> current{new int(1)};
    std::atomic<int*> hazard{nullptr};
    in_parallel(
        [&] {
            int* seen = current.load(memory_order_acquire);
            hazard.store(seen, memory_order_release);
            if (current.load(memory_order_acquire) == seen) EXPECT(*seen == 1);
            hazard.store(nullptr, memory_order_release);
        },
        [&] {
            int* old = current.exchange(new int(1), memory_order_acq_rel);
            while (hazard.load(memory_order_acquire) == old) std::this_thread::yield();
            delete old;
        });
    delete current.load();
}

}  // namespace

corpus::topic memory_orders() {
    return {
        "memory orders",
        {
            {"store buffering, relaxed",
             both_look_before_either_store_arrives<memory_order_relaxed, memory_order_relaxed>,
             {wrong_result}},
            {"store buffering, release and acquire",
             both_look_before_either_store_arrives<memory_order_release, memory_order_acquire>,
             {wrong_result}},
            {"two readers disagree about two independent writes",
             two_readers_disagree_about_two_independent_writes,
             {wrong_result}},
            {"Peterson's lock, relaxed",
             petersons_lock<memory_order_relaxed, memory_order_relaxed>,
             {wrong_result}},
            {"Peterson's lock, release and acquire",
             petersons_lock<memory_order_release, memory_order_acquire>,
             {wrong_result}},
            {"Dekker's lock, release and acquire",
             dekkers_lock_with_release_and_acquire,
             {wrong_result}},
            {"a seqlock without fences", a_seqlock_without_fences, {wrong_result}},
            {"a spinlock that is relaxed", a_spinlock_that_is_relaxed, {wrong_result, race}},
            {"a spinlock that is unlocked relaxed",
             a_spinlock_that_is_unlocked_relaxed,
             {wrong_result, race}},
            {"the last owner deletes after a relaxed decrement",
             the_last_owner_deletes_after_a_relaxed_decrement,
             {race, use_after_free}},
            {"a hazard pointer is announced with release",
             a_hazard_pointer_is_announced_with_release,
             {use_after_free, race, wrong_result}},
        },
    };
}

}  // namespace must_find
