// Weak orders that are strong enough, and outcomes that no order allows.

#include <atomic>
#include <memory>

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

void release_and_acquire_publish_a_value() {
    int payload = 0;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload = 42;
            ready.store(true, memory_order_release);
        },
        [&] {
            if (ready.load(memory_order_acquire)) EXPECT(payload == 42);
        });
}

void a_loop_waits_with_acquire() {
    int payload = 0;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload = 1;
            ready.store(true, memory_order_release);
        },
        [&] {
            while (!ready.load(memory_order_acquire)) {
            }
            EXPECT(payload == 1);
        });
}

void an_object_is_published_through_a_pointer() {
    struct config {
        int port = 80;
    };
    std::atomic<config*> current{nullptr};
    in_parallel([&] { current.store(new config{8080}, memory_order_release); },
                [&] {
                    if (const config* seen = current.load(memory_order_acquire)) {
                        EXPECT(seen->port == 8080);
                    }
                });
    delete current.load(memory_order_relaxed);
}

void two_fences_publish_a_value() {
    int payload = 0;
    std::atomic<int> ready{0};
    in_parallel(
        [&] {
            payload = 1;
            std::atomic_thread_fence(memory_order_release);
            ready.store(1, memory_order_relaxed);
        },
        [&] {
            if (ready.load(memory_order_relaxed) == 1) {
                std::atomic_thread_fence(memory_order_acquire);
                EXPECT(payload == 1);
            }
        });
}

void a_release_fence_meets_an_acquire_load() {
    int payload = 0;
    std::atomic<int> ready{0};
    in_parallel(
        [&] {
            payload = 1;
            std::atomic_thread_fence(memory_order_release);
            ready.store(1, memory_order_relaxed);
        },
        [&] {
            if (ready.load(memory_order_acquire) == 1) EXPECT(payload == 1);
        });
}

void a_release_store_meets_an_acquire_fence_after_a_loop() {
    int payload = 0;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload = 1;
            ready.store(true, memory_order_release);
        },
        [&] {
            while (!ready.load(memory_order_relaxed)) std::this_thread::yield();
            std::atomic_thread_fence(memory_order_acquire);
            EXPECT(payload == 1);
        });
}

void a_read_modify_write_continues_the_release_sequence() {
    int payload = 0;
    std::atomic<int> state{0};
    in_parallel(
        [&] {
            payload = 1;
            state.store(1, memory_order_release);
        },
        [&] {
            int expected = 1;
            state.compare_exchange_strong(expected, 2, memory_order_relaxed);
        },
        [&] {
            if (state.load(memory_order_acquire) >= 1) EXPECT(payload == 1);
        });
}

void a_message_is_passed_on_through_two_flags() {
    int letter = 0;
    std::atomic<bool> stamped{false}, delivered{false};
    in_parallel(
        [&] {
            letter = 1;
            stamped.store(true, memory_order_release);
        },
        [&] {
            if (stamped.load(memory_order_acquire)) delivered.store(true, memory_order_release);
        },
        [&] {
            if (delivered.load(memory_order_acquire)) EXPECT(letter == 1);
        });
}

void sequential_consistency_forbids_store_buffering() {
    std::atomic<int> x{0}, y{0};
    int seen_y = 0, seen_x = 0;
    in_parallel(
        [&] {
            x.store(1);
            seen_y = y.load();
        },
        [&] {
            y.store(1);
            seen_x = x.load();
        });
    EXPECT(seen_x == 1 || seen_y == 1);
}

void sequentially_consistent_fences_forbid_store_buffering() {
    std::atomic<int> x{0}, y{0};
    int seen_y = 0, seen_x = 0;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            std::atomic_thread_fence(memory_order_seq_cst);
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            std::atomic_thread_fence(memory_order_seq_cst);
            seen_x = x.load(memory_order_relaxed);
        });
    EXPECT(seen_x == 1 || seen_y == 1);
}

void a_read_modify_write_on_both_sides_forbids_store_buffering() {
    std::atomic<int> x{0}, y{0}, both{0};
    int seen_y = 0, seen_x = 0;
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            both.fetch_add(1, memory_order_acq_rel);
            seen_y = y.load(memory_order_relaxed);
        },
        [&] {
            y.store(1, memory_order_relaxed);
            both.fetch_add(1, memory_order_acq_rel);
            seen_x = x.load(memory_order_relaxed);
        });
    EXPECT(seen_x == 1 || seen_y == 1);
}

void sequentially_consistent_readers_agree() {
    std::atomic<int> x{0}, y{0};
    int x_first = 0, then_y = 0, y_first = 0, then_x = 0;
    in_parallel([&] { x = 1; }, [&] { y = 1; },
                [&] {
                    x_first = x;
                    then_y = y;
                },
                [&] {
                    y_first = y;
                    then_x = x;
                });
    EXPECT(!(x_first == 1 && then_y == 0 && y_first == 1 && then_x == 0));
}

void one_atomic_never_goes_backwards() {
    std::atomic<int> value{0};
    in_parallel(
        [&] {
            value.store(1, memory_order_relaxed);
            value.store(2, memory_order_relaxed);
        },
        [&] {
            const int first = value.load(memory_order_relaxed);
            const int second = value.load(memory_order_relaxed);
            EXPECT(first <= second);
        });
}

void a_thread_sees_its_own_relaxed_store() {
    std::atomic<int> value{0};
    in_parallel(
        [&] {
            value.store(1, memory_order_relaxed);
            EXPECT(value.load(memory_order_relaxed) != 0);
        },
        [&] { value.store(2, memory_order_relaxed); });
}

void two_readers_of_one_atomic_agree_about_its_order() {
    std::atomic<int> value{0};
    int a = 0, b = 0, c = 0, d = 0;
    in_parallel([&] { value.store(1, memory_order_relaxed); },
                [&] { value.store(2, memory_order_relaxed); },
                [&] {
                    a = value.load(memory_order_relaxed);
                    b = value.load(memory_order_relaxed);
                },
                [&] {
                    c = value.load(memory_order_relaxed);
                    d = value.load(memory_order_relaxed);
                });
    EXPECT(!(a == 1 && b == 2 && c == 2 && d == 1));
}

void relaxed_counters_are_exact_after_the_join() {
    std::atomic<int> count{0};
    on_threads(3, [&](int) {
        for (int i = 0; i < 5; ++i) count.fetch_add(1, memory_order_relaxed);
    });
    EXPECT(count.load(memory_order_relaxed) == 15);
}

void a_relaxed_read_modify_write_sees_the_latest() {
    std::atomic<int> tickets{0};
    std::atomic<int> sum{0};
    on_threads(3, [&](int) {
        sum.fetch_add(tickets.fetch_add(1, memory_order_relaxed), memory_order_relaxed);
    });
    EXPECT(sum == 0 + 1 + 2);
}

void an_owner_count_is_decremented_with_acq_rel() {
    struct shared {
        std::atomic<int> owners{2};
        int values[2] = {0, 0};
    };
    auto* const object = new shared;
    on_threads(2, [object](int me) {
        object->values[me] = 1;
        if (object->owners.fetch_sub(1, memory_order_acq_rel) == 1) delete object;
    });
}

void an_owner_count_is_decremented_with_release_and_a_fence() {
    struct shared {
        std::atomic<int> owners{3};
        int values[3] = {0, 0, 0};
    };
    auto* const object = new shared;
    on_threads(3, [object](int me) {
        object->values[me] = 1;
        if (object->owners.fetch_sub(1, memory_order_release) == 1) {
            std::atomic_thread_fence(memory_order_acquire);
            EXPECT(object->values[0] + object->values[1] + object->values[2] == 3);
            delete object;
        }
    });
}

void a_failed_exchange_acquires_what_it_saw() {
    std::atomic<int*> instance{nullptr};
    const auto get = [&] {
        int* mine = new int(5);
        int* seen = nullptr;
        if (!instance.compare_exchange_strong(seen, mine, memory_order_release,
                                              memory_order_acquire)) {
            delete mine;
            EXPECT(*seen == 5);
        }
    };
    in_parallel(get, get);
    delete instance.load(memory_order_relaxed);
}

void consume_is_at_least_as_good_as_needed() {
    int payload = 0;
    std::atomic<int*> box{nullptr};
    in_parallel(
        [&] {
            payload = 5;
            box.store(&payload, memory_order_release);
        },
        [&] {
            if (const int* seen = box.load(std::memory_order_consume)) EXPECT(*seen == 5);
        });
}

void a_spinlock_orders_relaxed_atomics() {
    std::atomic<int> a{0}, b{0};
    std::atomic_flag taken;
    const auto locked = [&](auto&& work) {
        while (taken.test_and_set(memory_order_acquire)) std::this_thread::yield();
        work();
        taken.clear(memory_order_release);
    };
    in_parallel(
        [&] {
            locked([&] {
                a.store(1, memory_order_relaxed);
                b.store(1, memory_order_relaxed);
            });
        },
        [&] {
            locked([&] { EXPECT(a.load(memory_order_relaxed) == b.load(memory_order_relaxed)); });
        });
}

void a_write_is_seen_through_what_happened_before() {
    std::atomic<int> x{0}, y{0};
    in_parallel(
        [&] {
            x.store(1, memory_order_relaxed);
            y.store(1, memory_order_release);
        },
        [&] {
            if (y.load(memory_order_acquire) == 1) {
                x.store(2, memory_order_relaxed);
                EXPECT(x.load(memory_order_relaxed) == 2);
            }
        });
    EXPECT(x == 1 || x == 2);
}

void a_signal_fence_costs_nothing_and_changes_nothing() {
    int value = 0;
    in_parallel([&] {
        value = 1;
        std::atomic_signal_fence(memory_order_seq_cst);
        value = 2;
    });
    EXPECT(value == 2);
}

}  // namespace

corpus::topic memory_orders() {
    return {
        "memory orders",
        {
            {"release and acquire publish a value", release_and_acquire_publish_a_value},
            {"a loop waits with acquire", a_loop_waits_with_acquire},
            {"an object is published through a pointer", an_object_is_published_through_a_pointer},
            {"two fences publish a value", two_fences_publish_a_value},
            {"a release fence meets an acquire load", a_release_fence_meets_an_acquire_load},
            {"a release store meets an acquire fence after a loop",
             a_release_store_meets_an_acquire_fence_after_a_loop},
            {"a read-modify-write continues the release sequence",
             a_read_modify_write_continues_the_release_sequence},
            {"a message is passed on through two flags", a_message_is_passed_on_through_two_flags},
            {"sequential consistency forbids store buffering",
             sequential_consistency_forbids_store_buffering},
            {"sequentially consistent fences forbid store buffering",
             sequentially_consistent_fences_forbid_store_buffering},
            {"a read-modify-write on both sides forbids store buffering",
             a_read_modify_write_on_both_sides_forbids_store_buffering},
            {"sequentially consistent readers agree", sequentially_consistent_readers_agree},
            {"one atomic never goes backwards", one_atomic_never_goes_backwards},
            {"a thread sees its own relaxed store", a_thread_sees_its_own_relaxed_store},
            {"two readers of one atomic agree about its order",
             two_readers_of_one_atomic_agree_about_its_order},
            {"relaxed counters are exact after the join",
             relaxed_counters_are_exact_after_the_join},
            {"a relaxed read-modify-write sees the latest",
             a_relaxed_read_modify_write_sees_the_latest},
            {"an owner count is decremented with acq_rel",
             an_owner_count_is_decremented_with_acq_rel},
            {"an owner count is decremented with release and a fence",
             an_owner_count_is_decremented_with_release_and_a_fence},
            {"a failed exchange acquires what it saw", a_failed_exchange_acquires_what_it_saw},
            {"consume is at least as good as needed", consume_is_at_least_as_good_as_needed},
            {"a spinlock orders relaxed atomics", a_spinlock_orders_relaxed_atomics},
            {"a write is seen through what happened before",
             a_write_is_seen_through_what_happened_before},
            {"a signal fence costs nothing and changes nothing",
             a_signal_fence_costs_nothing_and_changes_nothing},
        },
    };
}

}  // namespace never_blame
