// Notifications that come too early, reach the wrong thread or are taken for more than they say.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_flag_is_set_and_notified_without_the_mutex() {
    struct {
        std::mutex guard;
        std::condition_variable opened;
        std::atomic<bool> is_open{false};

        void open() {
            is_open = true;
            opened.notify_one();
        }
        void wait() {
            std::unique_lock lock(guard);
            while (!is_open) opened.wait(lock);
        }
    } gate;
    in_parallel([&] { gate.wait(); }, [&] { gate.open(); });
}

void a_thread_waits_for_a_notification_without_asking_for_the_state() {
    std::mutex guard;
    std::condition_variable done;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            done.wait(lock);
        },
        [&] {
            const std::lock_guard lock(guard);
            done.notify_one();
        });
}

void a_wake_up_is_taken_for_the_event() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            if (!ready) changed.wait(lock);
            EXPECT(ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

/// A correct bounded queue. The queues below are this one with one mistake each.
struct bounded_queue {
    std::mutex guard;
    std::condition_variable not_empty, not_full;
    std::deque<int> items;
    std::size_t capacity;
    bool closed = false;

    explicit bounded_queue(std::size_t n) : capacity(n) {}

    void push(int item) {
        std::unique_lock lock(guard);
        not_full.wait(lock, [&] { return items.size() < capacity; });
        items.push_back(item);
        not_empty.notify_one();
    }
    std::optional<int> pop() {
        std::unique_lock lock(guard);
        not_empty.wait(lock, [&] { return !items.empty() || closed; });
        if (items.empty()) return std::nullopt;
        return take();
    }
    void close() {
        const std::lock_guard lock(guard);
        closed = true;
        not_empty.notify_all();
    }
    int take() {
        const int item = items.front();
        items.pop_front();
        not_full.notify_one();
        return item;
    }
};

void two_consumers_wait_with_if_for_one_producer() {
    struct : bounded_queue {
        using bounded_queue::bounded_queue;
        int pop_with_if() {
            std::unique_lock lock(guard);
            if (items.empty()) not_empty.wait(lock);
            EXPECT(!items.empty());
            return take();
        }
    } queue{2};
    in_parallel([&] { queue.pop_with_if(); }, [&] { queue.pop_with_if(); },
                [&] {
                    queue.push(1);
                    queue.push(2);
                });
}

void producers_and_consumers_share_one_condition_and_notify_one() {
    struct {
        std::mutex guard;
        std::condition_variable changed;
        std::deque<int> items;

        void push(int item) {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return items.empty(); });
            items.push_back(item);
            changed.notify_one();
        }
        void pop() {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return !items.empty(); });
            items.pop_front();
            changed.notify_one();
        }
    } queue;
    const auto produce = [&] {
        queue.push(1);
        queue.push(2);
    };
    const auto consume = [&] {
        queue.pop();
        queue.pop();
    };
    in_parallel(produce, produce, consume, consume);
}

void a_queue_is_closed_without_the_mutex() {
    struct {
        std::mutex guard;
        std::condition_variable changed;
        std::atomic<bool> closed{false};

        void wait_for_the_end() {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return closed.load(); });
        }
        void close() {
            closed = true;
            changed.notify_all();
        }
    } queue;
    in_parallel([&] { queue.wait_for_the_end(); }, [&] { queue.wait_for_the_end(); },
                [&] { queue.close(); });
}

void a_closed_queue_wakes_only_one_of_two_consumers() {
    struct : bounded_queue {
        using bounded_queue::bounded_queue;
        void close_with_notify_one() {
            const std::lock_guard lock(guard);
            closed = true;
            not_empty.notify_one();
        }
    } queue{2};
    const auto consume = [&] {
        while (queue.pop()) {
        }
    };
    in_parallel(consume, consume, [&] {
        queue.push(1);
        queue.close_with_notify_one();
    });
}

void a_gate_for_three_is_opened_with_notify_one() {
    std::mutex guard;
    std::condition_variable opened;
    bool is_open = false;
    const auto wait = [&] {
        std::unique_lock lock(guard);
        opened.wait(lock, [&] { return is_open; });
    };
    in_parallel(wait, wait, wait, [&] {
        const std::lock_guard lock(guard);
        is_open = true;
        opened.notify_one();
    });
}

void a_producer_notifies_only_when_the_queue_was_empty() {
    struct : bounded_queue {
        using bounded_queue::bounded_queue;
        void push_quietly(int item) {
            const std::lock_guard lock(guard);
            const bool was_empty = items.empty();
            items.push_back(item);
            if (was_empty) not_empty.notify_one();
        }
    } queue{4};
    in_parallel([&] { queue.pop(); }, [&] { queue.pop(); },
                [&] {
                    queue.push_quietly(1);
                    queue.push_quietly(2);
                });
}

void one_of_two_ways_to_change_the_state_does_not_notify() {
    std::mutex guard;
    std::condition_variable changed;
    int tokens = 0;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return tokens == 2; });
        },
        [&] {
            const std::lock_guard lock(guard);
            ++tokens;
            changed.notify_one();
        },
        [&] {
            const std::lock_guard lock(guard);
            ++tokens;
        });
}

void the_last_worker_counts_down_without_the_mutex() {
    std::mutex guard;
    std::condition_variable all_done;
    std::atomic<int> running{2};
    const auto work = [&] {
        if (--running == 0) all_done.notify_one();
    };
    in_parallel(work, work, [&] {
        std::unique_lock lock(guard);
        all_done.wait(lock, [&] { return running == 0; });
    });
}

void the_condition_is_checked_before_the_lock_is_taken() {
    std::mutex guard;
    std::condition_variable changed;
    std::atomic<bool> ready{false};
    in_parallel(
        [&] {
            if (ready) return;
            std::unique_lock lock(guard);
            changed.wait(lock);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

void two_kinds_of_events_wake_the_wrong_thread() {
    std::mutex guard;
    std::condition_variable changed;
    bool red = false, green = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return red; });
        },
        [&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return green; });
        },
        [&] {
            const std::lock_guard lock(guard);
            red = true;
            changed.notify_one();
        },
        [&] {
            const std::lock_guard lock(guard);
            green = true;
            changed.notify_one();
        });
}

void a_stop_is_requested_of_a_thread_that_waits_for_something_else() {
    std::mutex guard;
    std::condition_variable changed;
    const std::jthread worker([&](const std::stop_token& stop) {
        std::unique_lock lock(guard);
        while (!stop.stop_requested()) changed.wait(lock);
    });
}

void an_atomic_is_changed_without_notifying() {
    std::atomic<bool> ready{false};
    in_parallel([&] { ready.wait(false); }, [&] { ready = true; });
}

void an_atomic_wakes_one_of_two_waiting_threads() {
    std::atomic<int> ready{0};
    const auto wait = [&] { ready.wait(0); };
    in_parallel(wait, wait, [&] {
        ready = 1;
        ready.notify_one();
    });
}

void an_atomic_is_notified_before_it_is_changed() {
    std::atomic<int> state{0};
    in_parallel([&] { state.wait(0); },
                [&] {
                    state.notify_all();
                    state = 1;
                });
}

void an_event_is_reset_before_the_second_thread_has_seen_it() {
    struct {
        std::mutex guard;
        std::condition_variable changed;
        bool set = false;

        void wait() {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return set; });
        }
        void pulse() {
            {
                const std::lock_guard lock(guard);
                set = true;
            }
            changed.notify_all();
            const std::lock_guard lock(guard);
            set = false;
        }
    } event;
    in_parallel([&] { event.wait(); }, [&] { event.pulse(); });
}

void a_barrier_of_ones_own_is_used_twice() {
    struct {
        std::mutex guard;
        std::condition_variable all_here;
        int waiting = 0;

        void arrive_and_wait() {
            std::unique_lock lock(guard);
            if (++waiting == 2) {
                all_here.notify_all();
                waiting = 0;
                return;
            }
            all_here.wait(lock, [&] { return waiting == 0; });
        }
    } barrier;
    const auto two_rounds = [&] {
        barrier.arrive_and_wait();
        barrier.arrive_and_wait();
    };
    in_parallel(two_rounds, two_rounds);
}

void the_predicate_looks_at_a_copy() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [ready] { return ready; });
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_all();
        });
}

}  // namespace

corpus::topic lost_wakeups() {
    return {
        "lost wake-ups",
        {
            {"a flag is set and notified without the mutex",
             a_flag_is_set_and_notified_without_the_mutex,
             {lost_wakeup}},
            {"a thread waits for a notification without asking for the state",
             a_thread_waits_for_a_notification_without_asking_for_the_state,
             {lost_wakeup}},
            {"a wake-up is taken for the event", a_wake_up_is_taken_for_the_event, {wrong_result}},
            {"two consumers wait with `if` for one producer",
             two_consumers_wait_with_if_for_one_producer,
             {wrong_result}},
            {"producers and consumers share one condition and notify_one",
             producers_and_consumers_share_one_condition_and_notify_one,
             {lost_wakeup, deadlock}},
            {"a queue is closed without the mutex",
             a_queue_is_closed_without_the_mutex,
             {lost_wakeup}},
            {"a closed queue wakes only one of two consumers",
             a_closed_queue_wakes_only_one_of_two_consumers,
             {lost_wakeup, deadlock}},
            {"a gate for three is opened with notify_one",
             a_gate_for_three_is_opened_with_notify_one,
             {lost_wakeup, deadlock}},
            {"a producer notifies only when the queue was empty",
             a_producer_notifies_only_when_the_queue_was_empty,
             {lost_wakeup, deadlock}},
            {"one of two ways to change the state does not notify",
             one_of_two_ways_to_change_the_state_does_not_notify,
             {lost_wakeup, deadlock}},
            {"the last worker counts down without the mutex",
             the_last_worker_counts_down_without_the_mutex,
             {lost_wakeup}},
            {"the condition is checked before the lock is taken",
             the_condition_is_checked_before_the_lock_is_taken,
             {lost_wakeup}},
            {"two kinds of events wake the wrong thread",
             two_kinds_of_events_wake_the_wrong_thread,
             {lost_wakeup, deadlock}},
            {"a stop is requested of a thread that waits for something else",
             a_stop_is_requested_of_a_thread_that_waits_for_something_else,
             {lost_wakeup, deadlock}},
            {"an atomic is changed without notifying",
             an_atomic_is_changed_without_notifying,
             {lost_wakeup, deadlock}},
            {"an atomic wakes one of two waiting threads",
             an_atomic_wakes_one_of_two_waiting_threads,
             {lost_wakeup, deadlock}},
            {"an atomic is notified before it is changed",
             an_atomic_is_notified_before_it_is_changed,
             {lost_wakeup, deadlock}},
            {"an event is reset before the second thread has seen it",
             an_event_is_reset_before_the_second_thread_has_seen_it,
             {lost_wakeup, deadlock}},
            {"a barrier of one's own is used twice",
             a_barrier_of_ones_own_is_used_twice,
             {lost_wakeup, deadlock}},
            {"the predicate looks at a copy",
             the_predicate_looks_at_a_copy,
             {lost_wakeup, deadlock, race}},
        },
    };
}

}  // namespace must_find
