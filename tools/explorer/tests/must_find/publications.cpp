// A value is handed over through an atomic (or what is taken for one) whose order is too weak.

#include <atomic>
#include <memory>
#include <mutex>

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

/// A plain payload behind a flag, handed over with the given orders.
template <std::memory_order Store, std::memory_order Load>
void publish_a_plain_value() {
    int payload = 0;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload = 42;
            ready.store(true, Store);
        },
        [&] {
            if (ready.load(Load)) EXPECT(payload == 42);
        });
}

/// The same without a data race: only the order is missing.
template <std::memory_order Store, std::memory_order Load>
void publish_an_atomic_value() {
    std::atomic<int> payload{0};
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload.store(42, memory_order_relaxed);
            ready.store(true, Store);
        },
        [&] {
            if (ready.load(Load)) EXPECT(payload.load(memory_order_relaxed) == 42);
        });
}

void an_object_is_published_through_a_relaxed_pointer() {
    struct config {
        int port = 80;
    };
    std::atomic<config*> current{nullptr};
    in_parallel([&] { current.store(new config{8080}, memory_order_relaxed); },
                [&] {
                    if (const config* seen = current.load(memory_order_relaxed)) {
                        EXPECT(seen->port == 8080);
                    }
                });
    delete current.load();
}

void only_the_writer_has_a_fence() {
    std::atomic<int> payload{0}, ready{0};
    in_parallel(
        [&] {
            payload.store(1, memory_order_relaxed);
            std::atomic_thread_fence(memory_order_release);
            ready.store(1, memory_order_relaxed);
        },
        [&] {
            if (ready.load(memory_order_relaxed) == 1) {
                EXPECT(payload.load(memory_order_relaxed) == 1);
            }
        });
}

void the_fence_comes_after_the_store_it_should_precede() {
    int payload = 0;
    std::atomic<int> ready{0};
    in_parallel(
        [&] {
            payload = 1;
            ready.store(1, memory_order_relaxed);
            std::atomic_thread_fence(memory_order_release);
        },
        [&] {
            if (ready.load(memory_order_acquire) == 1) EXPECT(payload == 1);
        });
}

void a_loop_waits_with_relaxed_loads() {
    int payload = 0;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            payload = 1;
            ready.store(true, memory_order_release);
        },
        [&] {
            while (!ready.load(memory_order_relaxed)) std::this_thread::yield();
            EXPECT(payload == 1);
        });
}

void a_volatile_flag_is_used_for_hand_over() {
    int payload = 0;
    volatile bool ready = false;
    in_parallel(
        [&] {
            payload = 1;
            ready = true;
        },
        [&] {
            if (ready) EXPECT(payload == 1);
        });
}

struct settings {
    int a = 1, b = 2;
};

void double_checked_locking_on_a_plain_pointer() {
    struct {
        std::mutex guard;
        std::unique_ptr<settings> instance;

        settings& get() {
            if (!instance) {
                const std::lock_guard lock(guard);
                if (!instance) instance = std::make_unique<settings>();
            }
            return *instance;
        }
    } lazy;
    const auto use = [&] { EXPECT(lazy.get().b == 2); };
    in_parallel(use, use);
}

void double_checked_locking_on_a_relaxed_pointer() {
    struct {
        std::mutex guard;
        std::unique_ptr<settings> owner;
        std::atomic<settings*> instance{nullptr};

        settings& get() {
            if (!instance.load(memory_order_relaxed)) {
                const std::lock_guard lock(guard);
                if (!owner) {
                    owner = std::make_unique<settings>();
                    instance.store(owner.get(), memory_order_relaxed);
                }
            }
            return *instance.load(memory_order_relaxed);
        }
    } lazy;
    const auto use = [&] { EXPECT(lazy.get().b == 2); };
    in_parallel(use, use);
}

void double_checked_locking_with_an_early_flag() {
    struct {
        std::mutex guard;
        std::atomic<bool> initialized{false};
        settings value;

        int get() {
            if (!initialized.load(memory_order_acquire)) {
                const std::lock_guard lock(guard);
                if (!initialized.load(memory_order_relaxed)) {
                    initialized.store(true, memory_order_release);
                    value.b = 3;
                }
            }
            return value.b;
        }
    } lazy;
    const auto use = [&] { EXPECT(lazy.get() == 3); };
    in_parallel(use, use);
}

void a_message_is_passed_on_by_a_relaxed_store() {
    std::atomic<int> letter{0}, stamped{0}, delivered{0};
    in_parallel(
        [&] {
            letter.store(1, memory_order_relaxed);
            stamped.store(1, memory_order_release);
        },
        [&] {
            if (stamped.load(memory_order_acquire)) delivered.store(1, memory_order_relaxed);
        },
        [&] {
            if (delivered.load(memory_order_acquire)) {
                EXPECT(letter.load(memory_order_relaxed) == 1);
            }
        });
}

void another_threads_plain_store_ends_the_release_sequence() {
    std::atomic<int> payload{0}, state{0};
    in_parallel(
        [&] {
            payload.store(1, memory_order_relaxed);
            state.store(1, memory_order_release);
        },
        [&] {
            if (state.load(memory_order_relaxed) == 1) state.store(2, memory_order_relaxed);
        },
        [&] {
            if (state.load(memory_order_acquire) == 2) {
                EXPECT(payload.load(memory_order_relaxed) == 1);
            }
        });
}

void a_ring_buffer_with_relaxed_indices() {
    struct {
        int slots[2] = {};
        std::atomic<unsigned> written{0};
    } ring;
    in_parallel(
        [&] {
            ring.slots[0] = 7;
            ring.written.store(1, memory_order_relaxed);
        },
        [&] {
            if (ring.written.load(memory_order_relaxed) == 1) EXPECT(ring.slots[0] == 7);
        });
}

void a_failed_exchange_reads_the_winner_with_relaxed() {
    std::atomic<settings*> instance{nullptr};
    in_parallel(
        [&] {
            auto* mine = new settings{5, 6};
            instance.store(mine, memory_order_release);
        },
        [&] {
            settings* seen = nullptr;
            if (!instance.compare_exchange_strong(seen, nullptr, memory_order_acq_rel,
                                                  memory_order_relaxed)) {
                EXPECT(seen->a == 5);
            }
        });
    delete instance.load();
}

void results_are_counted_complete_with_relaxed() {
    int results[2] = {};
    std::atomic<int> complete{0};
    in_parallel(
        [&] {
            results[0] = 1;
            complete.fetch_add(1, memory_order_relaxed);
        },
        [&] {
            results[1] = 2;
            complete.fetch_add(1, memory_order_relaxed);
        },
        [&] {
            if (complete.load(memory_order_acquire) == 2) EXPECT(results[0] + results[1] == 3);
        });
}

}  // namespace

corpus::topic publications() {
    return {
        "publications",
        {
            {"a plain value is published relaxed, and read relaxed",
             publish_a_plain_value<memory_order_relaxed, memory_order_relaxed>,
             {wrong_result, race}},
            {"a plain value is published with release, and read relaxed",
             publish_a_plain_value<memory_order_release, memory_order_relaxed>,
             {wrong_result, race}},
            {"a plain value is published relaxed, and read with acquire",
             publish_a_plain_value<memory_order_relaxed, memory_order_acquire>,
             {wrong_result, race}},
            {"an atomic value is published relaxed, and read relaxed",
             publish_an_atomic_value<memory_order_relaxed, memory_order_relaxed>,
             {wrong_result}},
            {"an atomic value is published with release, and read relaxed",
             publish_an_atomic_value<memory_order_release, memory_order_relaxed>,
             {wrong_result}},
            {"an atomic value is published relaxed, and read with acquire",
             publish_an_atomic_value<memory_order_relaxed, memory_order_acquire>,
             {wrong_result}},
            {"an object is published through a relaxed pointer",
             an_object_is_published_through_a_relaxed_pointer,
             {wrong_result, race}},
            {"only the writer has a fence", only_the_writer_has_a_fence, {wrong_result}},
            {"the fence comes after the store it should precede",
             the_fence_comes_after_the_store_it_should_precede,
             {wrong_result, race}},
            {"a loop waits with relaxed loads",
             a_loop_waits_with_relaxed_loads,
             {wrong_result, race}},
            {"a volatile flag is used for hand-over",
             a_volatile_flag_is_used_for_hand_over,
             {wrong_result, race}},
            {"double-checked locking on a plain pointer",
             double_checked_locking_on_a_plain_pointer,
             {wrong_result, race}},
            {"double-checked locking on a relaxed pointer",
             double_checked_locking_on_a_relaxed_pointer,
             {wrong_result, race}},
            {"double-checked locking with an early flag",
             double_checked_locking_with_an_early_flag,
             {wrong_result}},
            {"a message is passed on by a relaxed store",
             a_message_is_passed_on_by_a_relaxed_store,
             {wrong_result}},
            {"another thread's plain store ends the release sequence",
             another_threads_plain_store_ends_the_release_sequence,
             {wrong_result}},
            {"a ring buffer with relaxed indices",
             a_ring_buffer_with_relaxed_indices,
             {wrong_result, race}},
            {"a failed exchange reads the winner with relaxed",
             a_failed_exchange_reads_the_winner_with_relaxed,
             {wrong_result, race}},
            {"results are counted complete with relaxed",
             results_are_counted_complete_with_relaxed,
             {wrong_result, race}},
        },
    };
}

}  // namespace must_find
