// What the total order of seq_cst operations forbids, after [atomics.order]/4 of C++20: the four
// kinds of pairs, of accesses and fences, also where a fence comes in by what happens after it.

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "../against_a_fence.hpp"
#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

void a_fence_on_one_side_and_seq_cst_accesses_on_the_other() {
    against_a_fence([](store_buffering& both) {
        both.y.store(1, memory_order_seq_cst);
        both.seen_x = both.x.load(memory_order_seq_cst);
    });
}

void a_fence_on_one_side_and_a_seq_cst_exchange_on_the_other() {
    against_a_fence([](store_buffering& both) {
        both.y.exchange(1, memory_order_seq_cst);
        both.seen_x = both.x.load(memory_order_seq_cst);
    });
}

template <std::memory_order StoreOrder>
void seq_cst_readers_agree_about_weaker_stores() {
    std::atomic<int> x{0}, y{0};
    int first_x = 0, then_y = 0, first_y = 0, then_x = 0;
    in_parallel([&] { x.store(1, StoreOrder); }, [&] { y.store(1, StoreOrder); },
                [&] {
                    first_x = x.load(memory_order_seq_cst);
                    then_y = y.load(memory_order_seq_cst);
                },
                [&] {
                    first_y = y.load(memory_order_seq_cst);
                    then_x = x.load(memory_order_seq_cst);
                });
    EXPECT(!(first_x == 1 && then_y == 0 && first_y == 1 && then_x == 0));
}

void readers_with_fences_between_agree() {
    std::atomic<int> x{0}, y{0};
    int first_x = 0, then_y = 0, first_y = 0, then_x = 0;
    in_parallel([&] { x.store(1, memory_order_relaxed); },
                [&] { y.store(1, memory_order_relaxed); },
                [&] {
                    first_x = x.load(memory_order_relaxed);
                    seq_cst_fence();
                    then_y = y.load(memory_order_relaxed);
                },
                [&] {
                    first_y = y.load(memory_order_relaxed);
                    seq_cst_fence();
                    then_x = x.load(memory_order_relaxed);
                });
    EXPECT(!(first_x == 1 && then_y == 0 && first_y == 1 && then_x == 0));
}

/// Store, fence and load of the second side, in the hands of two threads.
void a_thread_looks_once_it_is_told_of_the_fence() {
    std::atomic<bool> told{false};
    against_a_fence(
        [&](store_buffering& both) {
            both.y.store(1, memory_order_relaxed);
            seq_cst_fence();
            told.store(true, memory_order_release);
        },
        [&](store_buffering& both) {
            if (told.load(memory_order_acquire)) both.seen_x = both.x.load(memory_order_relaxed);
        });
}

void a_thread_that_is_started_after_the_fence_looks() {
    against_a_fence([](store_buffering& both) {
        both.y.store(1, memory_order_relaxed);
        seq_cst_fence();
        std::thread([&] { both.seen_x = both.x.load(memory_order_relaxed); }).join();
    });
}

void a_thread_looks_after_it_has_joined_the_one_with_the_fence() {
    against_a_fence([](store_buffering& both) {
        std::thread([&] {
            both.y.store(1, memory_order_relaxed);
            seq_cst_fence();
        }).join();
        both.seen_x = both.x.load(memory_order_relaxed);
    });
}

void a_store_is_handed_over_before_the_fence() {
    std::atomic<int> x{0}, y{0};
    std::mutex guard;
    bool stored = false;
    int seen_y = -1, seen_x = -1;
    in_parallel(
        [&] {
            const std::lock_guard lock(guard);
            x.store(1, memory_order_relaxed);
            stored = true;
        },
        [&] {
            {
                const std::lock_guard lock(guard);
                if (!stored) return;
            }
            seq_cst_fence();
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            seq_cst_fence();
            seen_x = x.load(memory_order_relaxed);
        });
    EXPECT(!(seen_y == 0 && seen_x == 0));
}

/// Dekker's protocol, one side with a fence, the other with accesses.
void a_door_is_kept_with_a_fence_and_with_accesses() {
    std::atomic<bool> wants[2]{};
    int inside = 0;
    in_parallel(
        [&] {
            wants[0].store(true, memory_order_relaxed);
            seq_cst_fence();
            if (!wants[1].load(memory_order_relaxed)) ++inside;
        },
        [&] {
            wants[1].store(true, memory_order_seq_cst);
            if (!wants[0].load(memory_order_seq_cst)) ++inside;
        });
    EXPECT(inside <= 1);
}

/// Hazard pointers: the thread that retires a node is not the one that looks for readers of it.
void hazards_are_looked_for_by_another_thread() {
    struct node {
        int value = 1;
    };
    std::atomic<node*> head{new node};
    std::atomic<node*> hazard{nullptr};
    std::mutex guard;
    node* retired = nullptr;
    in_parallel(
        [&] {
            node* const mine = head.load(memory_order_acquire);
            hazard.store(mine, memory_order_relaxed);
            seq_cst_fence();
            if (mine && head.load(memory_order_relaxed) == mine) EXPECT(mine->value == 1);
            hazard.store(nullptr, memory_order_release);
        },
        [&] {
            node* const old = head.exchange(nullptr, memory_order_acq_rel);
            seq_cst_fence();
            const std::lock_guard lock(guard);
            retired = old;
        },
        [&] {
            const std::lock_guard lock(guard);
            node* const old = std::exchange(retired, nullptr);
            if (old && hazard.load(memory_order_acquire) != old)
                delete old;
            else
                retired = old;
        });
    delete head.load();
    delete retired;
}

}  // namespace

corpus::topic sequential_consistency() {
    return {
        "sequential consistency",
        {
            {"a fence on one side and seq_cst accesses on the other",
             a_fence_on_one_side_and_seq_cst_accesses_on_the_other},
            {"a fence on one side and a seq_cst exchange on the other",
             a_fence_on_one_side_and_a_seq_cst_exchange_on_the_other},
            {"seq_cst readers agree about relaxed stores",
             seq_cst_readers_agree_about_weaker_stores<memory_order_relaxed>},
            {"seq_cst readers agree about release stores",
             seq_cst_readers_agree_about_weaker_stores<memory_order_release>},
            {"readers with fences between agree", readers_with_fences_between_agree},
            {"a thread looks once it is told of the fence",
             a_thread_looks_once_it_is_told_of_the_fence},
            {"a thread that is started after the fence looks",
             a_thread_that_is_started_after_the_fence_looks},
            {"a thread looks after it has joined the one with the fence",
             a_thread_looks_after_it_has_joined_the_one_with_the_fence},
            {"a store is handed over before the fence", a_store_is_handed_over_before_the_fence},
            {"a door is kept with a fence and with accesses",
             a_door_is_kept_with_a_fence_and_with_accesses},
            {"hazards are looked for by another thread", hazards_are_looked_for_by_another_thread},
        },
    };
}

}  // namespace never_blame
