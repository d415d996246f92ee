// <condition_variable>: waiting for a state, not for a notification.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}

    bool push(int item) {
        std::unique_lock lock(guard_);
        not_full_.wait(lock, [&] { return items_.size() < capacity_ || closed_; });
        if (closed_) return false;
        items_.push_back(item);
        not_empty_.notify_one();
        return true;
    }
    std::optional<int> pop() {
        std::unique_lock lock(guard_);
        not_empty_.wait(lock, [&] { return !items_.empty() || closed_; });
        if (items_.empty()) return std::nullopt;
        const int item = items_.front();
        items_.pop_front();
        not_full_.notify_one();
        return item;
    }
    void close() {
        {
            const std::lock_guard lock(guard_);
            closed_ = true;
        }
        not_empty_.notify_all();
        not_full_.notify_all();
    }

  private:
    std::mutex guard_;
    std::condition_variable not_empty_, not_full_;
    std::deque<int> items_;
    std::size_t capacity_;
    bool closed_ = false;
};

void two_producers_and_two_consumers_share_a_queue() {
    bounded_queue queue(2);
    std::atomic<int> sum{0};
    std::vector<std::thread> producers, consumers;
    for (int c = 0; c < 2; ++c) {
        consumers.emplace_back([&] {
            while (const auto item = queue.pop()) sum += *item;
        });
    }
    for (int p = 0; p < 2; ++p) {
        producers.emplace_back([&, p] {
            for (int i = 1; i <= 3; ++i) queue.push(10 * p + i);
        });
    }
    for (std::thread& producer : producers) producer.join();
    queue.close();
    for (std::thread& consumer : consumers) consumer.join();
    EXPECT(sum == 6 + 36);
}

void a_gate_opens_for_three() {
    std::mutex guard;
    std::condition_variable opened;
    bool is_open = false;
    int passed = 0;
    const auto pass = [&] {
        std::unique_lock lock(guard);
        while (!is_open) opened.wait(lock);
        ++passed;
    };
    in_parallel(pass, pass, pass, [&] {
        {
            const std::lock_guard lock(guard);
            is_open = true;
        }
        opened.notify_all();
    });
    EXPECT(passed == 3);
}

void two_threads_play_ping_pong() {
    std::mutex guard;
    std::condition_variable changed;
    int turn = 0;
    std::vector<int> order;
    on_threads(2, [&](int me) {
        for (int round = 0; round < 2; ++round) {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return turn == me; });
            order.push_back(me);
            turn = 1 - me;
            changed.notify_one();
        }
    });
    EXPECT(order == std::vector<int>({0, 1, 0, 1}));
}

void a_wait_with_a_time_limit_says_how_it_ended() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            const bool seen = changed.wait_for(lock, 1ms, [&] { return ready; });
            EXPECT(seen == ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

void a_wait_that_nobody_ends_times_out() {
    std::mutex guard;
    std::condition_variable never;
    std::unique_lock lock(guard);
    EXPECT(!never.wait_for(lock, 2ms, [] { return false; }));
    const auto until = std::chrono::steady_clock::now() + 1ms;
    while (never.wait_until(lock, until) == std::cv_status::no_timeout) {
    }
    EXPECT(std::chrono::steady_clock::now() >= until);
}

void a_long_time_limit_ends_with_the_event() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            EXPECT(changed.wait_for(lock, 1h, [&] { return ready; }) == ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

void a_deadline_of_the_system_clock_may_pass() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            const auto deadline = std::chrono::system_clock::now() + 1h;
            EXPECT(changed.wait_until(lock, deadline, [&] { return ready; }) == ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_one();
        });
}

void condition_variable_any_waits_with_a_shared_lock() {
    std::shared_mutex guard;
    std::condition_variable_any changed;
    int value = 0;
    const auto read = [&] {
        std::shared_lock lock(guard);
        changed.wait(lock, [&] { return value == 1; });
    };
    in_parallel(read, read, [&] {
        {
            const std::unique_lock lock(guard);
            value = 1;
        }
        changed.notify_all();
    });
}

void condition_variable_any_waits_with_a_lock_of_ones_own() {
    class spinlock {
      public:
        void lock() {
            while (taken_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
        }
        void unlock() { taken_.clear(std::memory_order_release); }

      private:
        std::atomic_flag taken_;
    } guard;
    std::condition_variable_any changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return ready; });
        },
        [&] {
            {
                const std::lock_guard lock(guard);
                ready = true;
            }
            changed.notify_one();
        });
}

void condition_variable_any_waits_with_a_time_limit() {
    std::mutex guard;
    std::condition_variable_any changed;
    bool ready = false;
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            const bool seen = changed.wait_for(lock, 1ms, [&] { return ready; });
            EXPECT(seen == ready);
        },
        [&] {
            const std::lock_guard lock(guard);
            ready = true;
            changed.notify_all();
        });
}

void a_thread_notifies_at_its_exit() {
    std::mutex guard;
    std::condition_variable done;
    bool ready = false;
    std::thread worker([&] {
        std::unique_lock lock(guard);
        ready = true;
        std::notify_all_at_thread_exit(done, std::move(lock));
    });
    {
        std::unique_lock lock(guard);
        done.wait(lock, [&] { return ready; });
    }
    worker.join();
}

void a_flag_may_be_set_before_anybody_waits() {
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    {
        const std::lock_guard lock(guard);
        ready = true;
        changed.notify_one();
    }
    in_parallel([&] {
        std::unique_lock lock(guard);
        changed.wait(lock, [&] { return ready; });
    });
}

void a_barrier_of_ones_own_counts_its_rounds() {
    struct {
        std::mutex guard;
        std::condition_variable next_round;
        int waiting = 0, round = 0;

        void arrive_and_wait() {
            std::unique_lock lock(guard);
            if (++waiting == 2) {
                waiting = 0;
                ++round;
                next_round.notify_all();
                return;
            }
            const int mine = round;
            next_round.wait(lock, [&] { return round != mine; });
        }
    } barrier;
    int values[2] = {0, 0};
    on_threads(2, [&](int me) {
        for (int round = 1; round <= 2; ++round) {
            values[me] = round;
            barrier.arrive_and_wait();
            EXPECT(values[1 - me] == round);
            barrier.arrive_and_wait();
        }
    });
}

void a_semaphore_of_ones_own_admits_two() {
    struct {
        std::mutex guard;
        std::condition_variable freed;
        int permits = 2;

        void acquire() {
            std::unique_lock lock(guard);
            freed.wait(lock, [&] { return permits > 0; });
            --permits;
        }
        void release() {
            const std::lock_guard lock(guard);
            ++permits;
            freed.notify_one();
        }
    } semaphore;
    std::atomic<int> inside{0};
    on_threads(3, [&](int) {
        semaphore.acquire();
        EXPECT(++inside <= 2);
        --inside;
        semaphore.release();
    });
}

void a_reader_writer_lock_of_ones_own_prefers_writers() {
    struct {
        std::mutex guard;
        std::condition_variable changed;
        int readers = 0, waiting_writers = 0;
        bool writing = false;

        void lock_shared() {
            std::unique_lock lock(guard);
            changed.wait(lock, [&] { return !writing && waiting_writers == 0; });
            ++readers;
        }
        void unlock_shared() {
            const std::lock_guard lock(guard);
            if (--readers == 0) changed.notify_all();
        }
        void lock() {
            std::unique_lock lock(guard);
            ++waiting_writers;
            changed.wait(lock, [&] { return !writing && readers == 0; });
            --waiting_writers;
            writing = true;
        }
        void unlock() {
            const std::lock_guard lock(guard);
            writing = false;
            changed.notify_all();
        }
    } door;
    int a = 0, b = 0;
    const auto read = [&] {
        const std::shared_lock lock(door);
        EXPECT(a == b);
    };
    in_parallel(read, read, [&] {
        const std::lock_guard lock(door);
        ++a;
        ++b;
    });
}

void the_waiter_may_destroy_what_was_notified_under_the_lock() {
    struct gate {
        std::mutex guard;
        std::condition_variable opened;
        bool is_open = false;
    };
    auto* const shared = new gate;
    in_parallel(
        [=] {
            {
                std::unique_lock lock(shared->guard);
                shared->opened.wait(lock, [=] { return shared->is_open; });
            }
            delete shared;
        },
        [=] {
            const std::lock_guard lock(shared->guard);
            shared->is_open = true;
            shared->opened.notify_one();
        });
}

}  // namespace

corpus::topic conditions() {
    return {
        "conditions",
        {
            {"two producers and two consumers share a queue",
             two_producers_and_two_consumers_share_a_queue},
            {"a gate opens for three", a_gate_opens_for_three},
            {"two threads play ping-pong", two_threads_play_ping_pong},
            {"a wait with a time limit says how it ended",
             a_wait_with_a_time_limit_says_how_it_ended},
            {"a wait that nobody ends times out", a_wait_that_nobody_ends_times_out},
            {"a long time limit ends with the event", a_long_time_limit_ends_with_the_event},
            {"a deadline of the system clock may pass", a_deadline_of_the_system_clock_may_pass},
            {"condition_variable_any waits with a shared lock",
             condition_variable_any_waits_with_a_shared_lock},
            {"condition_variable_any waits with a lock of one's own",
             condition_variable_any_waits_with_a_lock_of_ones_own},
            {"condition_variable_any waits with a time limit",
             condition_variable_any_waits_with_a_time_limit},
            {"a thread notifies at its exit", a_thread_notifies_at_its_exit},
            {"a flag may be set before anybody waits", a_flag_may_be_set_before_anybody_waits},
            {"a barrier of one's own counts its rounds", a_barrier_of_ones_own_counts_its_rounds},
            {"a semaphore of one's own admits two", a_semaphore_of_ones_own_admits_two},
            {"a reader-writer lock of one's own prefers writers",
             a_reader_writer_lock_of_ones_own_prefers_writers},
            {"the waiter may destroy what was notified under the lock",
             the_waiter_may_destroy_what_was_notified_under_the_lock},
        },
    };
}

}  // namespace never_blame
