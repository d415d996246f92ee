// <latch>, <barrier> and <semaphore>.

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <latch>
#include <mutex>
#include <semaphore>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

void a_latch_waits_for_two_workers() {
    std::latch done(2);
    int results[2] = {0, 0};
    in_parallel(
        [&] {
            results[0] = 1;
            done.count_down();
        },
        [&] {
            results[1] = 2;
            done.count_down();
        },
        [&] {
            done.wait();
            EXPECT(results[0] + results[1] == 3);
        });
}

void everybody_arrives_and_waits() {
    std::latch start(3);
    std::array<std::atomic<bool>, 3> here{};
    on_threads(3, [&](int me) {
        here[static_cast<std::size_t>(me)] = true;
        start.arrive_and_wait();
        for (const auto& h : here) EXPECT(h);
    });
}

void a_latch_is_asked_without_waiting() {
    std::latch done(1);
    int value = 0;
    in_parallel(
        [&] {
            value = 1;
            done.count_down();
        },
        [&] {
            while (!done.try_wait()) std::this_thread::yield();
            EXPECT(value == 1);
        });
}

void a_latch_is_counted_down_by_two_at_once() {
    std::latch done(3);
    in_parallel([&] { done.count_down(2); }, [&] { done.arrive_and_wait(); });
    EXPECT(done.try_wait());
}

void a_latch_is_destroyed_after_everybody_has_waited() {
    auto* const done = new std::latch(2);
    std::thread worker([=] { done->arrive_and_wait(); });
    done->arrive_and_wait();
    worker.join();
    delete done;
}

void a_barrier_separates_the_phases() {
    std::barrier together(2);
    int values[2] = {0, 0};
    on_threads(2, [&](int me) {
        for (int phase = 1; phase <= 2; ++phase) {
            values[me] = phase;
            together.arrive_and_wait();
            EXPECT(values[1 - me] == phase);
            together.arrive_and_wait();
        }
    });
}

void a_barrier_completes_each_phase() {
    int phases = 0;
    int values[3] = {0, 0, 0};
    std::vector<int> sums;
    const auto add_up = [&]() noexcept {
        ++phases;
        sums.push_back(values[0] + values[1] + values[2]);
    };
    std::barrier together(3, add_up);
    on_threads(3, [&](int me) {
        for (int phase = 1; phase <= 2; ++phase) {
            values[me] = phase * (me + 1);
            together.arrive_and_wait();
            EXPECT(phases == 2 * phase - 1);
            together.arrive_and_wait();
        }
    });
    EXPECT(sums == std::vector<int>({6, 6, 12, 12}));
}

void a_thread_leaves_the_barrier_for_good() {
    std::barrier together(3);
    std::atomic<int> rounds{0};
    const auto stay = [&] {
        for (int i = 0; i < 2; ++i) {
            together.arrive_and_wait();
            ++rounds;
        }
    };
    in_parallel(stay, stay, [&] { together.arrive_and_drop(); });
    EXPECT(rounds == 4);
}

void a_thread_arrives_first_and_waits_later() {
    std::barrier together(2);
    int left = 0, right = 0, between = 0;
    in_parallel(
        [&] {
            left = 1;
            auto token = together.arrive();
            between = 1;
            together.wait(std::move(token));
            EXPECT(right == 1 && between == 1);
        },
        [&] {
            right = 1;
            together.arrive_and_wait();
            EXPECT(left == 1);
        });
}

void a_binary_semaphore_is_a_lock() {
    std::binary_semaphore guard(1);
    int count = 0;
    on_threads(3, [&](int) {
        guard.acquire();
        ++count;
        guard.release();
    });
    EXPECT(count == 3);
}

void two_binary_semaphores_pass_a_ball() {
    std::binary_semaphore ping(1), pong(0);
    int hits = 0;
    const auto play = [&](std::binary_semaphore& mine, std::binary_semaphore& theirs) {
        for (int i = 0; i < 2; ++i) {
            mine.acquire();
            ++hits;
            theirs.release();
        }
    };
    in_parallel([&] { play(ping, pong); }, [&] { play(pong, ping); });
    EXPECT(hits == 4);
}

void two_of_three_are_admitted() {
    std::counting_semaphore<2> permits(2);
    std::atomic<int> inside{0};
    on_threads(3, [&](int) {
        permits.acquire();
        EXPECT(++inside <= 2);
        --inside;
        permits.release();
    });
}

void semaphores_count_items_and_spaces() {
    std::counting_semaphore<2> spaces(2), items(0);
    std::array<int, 2> slots{};
    int sum = 0;
    in_parallel(
        [&] {
            for (std::size_t i = 0; i < 4; ++i) {
                spaces.acquire();
                slots[i % 2] = static_cast<int>(i);
                items.release();
            }
        },
        [&] {
            for (std::size_t i = 0; i < 4; ++i) {
                items.acquire();
                sum += slots[i % 2];
                spaces.release();
            }
        });
    EXPECT(sum == 6);
}

void a_semaphore_releases_two_at_once() {
    std::counting_semaphore<4> items(0);
    int prepared = 0;
    const auto take = [&] {
        items.acquire();
        EXPECT(prepared == 1);
    };
    in_parallel(take, take, [&] {
        prepared = 1;
        items.release(2);
    });
}

void a_semaphore_is_tried() {
    std::counting_semaphore<1> permit(1);
    int entered = 0;
    std::atomic<int> refused{0};
    on_threads(2, [&](int) {
        if (permit.try_acquire()) {
            ++entered;
            permit.release();
        } else {
            ++refused;
        }
    });
    EXPECT(entered + refused == 2);
}

void a_semaphore_is_tried_with_a_time_limit() {
    std::binary_semaphore permit(1);
    int entered = 0;
    std::atomic<int> given_up{0};
    on_threads(2, [&](int) {
        if (permit.try_acquire_for(1ms)) {
            ++entered;
            permit.release();
        } else {
            ++given_up;
        }
    });
    EXPECT(entered + given_up == 2);
    EXPECT(permit.try_acquire_until(std::chrono::steady_clock::now() + 1ms));
}

void a_latch_a_barrier_and_a_semaphore_together() {
    std::latch start(2);
    int phase = 0;
    const auto next = [&]() noexcept { ++phase; };
    std::barrier together(2, next);
    std::counting_semaphore<2> guard(1);
    int count = 0;
    const auto work = [&] {
        start.arrive_and_wait();
        for (int i = 0; i < 2; ++i) together.arrive_and_wait();
        guard.acquire();
        ++count;
        guard.release();
    };
    in_parallel(work, work);
    EXPECT(phase == 2 && count == 2);
}

}  // namespace

corpus::topic synchronizers() {
    return {
        "synchronizers",
        {
            {"a latch waits for two workers", a_latch_waits_for_two_workers},
            {"everybody arrives and waits", everybody_arrives_and_waits},
            {"a latch is asked without waiting", a_latch_is_asked_without_waiting},
            {"a latch is counted down by two at once", a_latch_is_counted_down_by_two_at_once},
            {"a latch is destroyed after everybody has waited",
             a_latch_is_destroyed_after_everybody_has_waited},
            {"a barrier separates the phases", a_barrier_separates_the_phases},
            {"a barrier completes each phase", a_barrier_completes_each_phase},
            {"a thread leaves the barrier for good", a_thread_leaves_the_barrier_for_good},
            {"a thread arrives first and waits later", a_thread_arrives_first_and_waits_later},
            {"a binary_semaphore is a lock", a_binary_semaphore_is_a_lock},
            {"two binary_semaphores pass a ball", two_binary_semaphores_pass_a_ball},
            {"two of three are admitted", two_of_three_are_admitted},
            {"semaphores count items and spaces", semaphores_count_items_and_spaces},
            {"a semaphore releases two at once", a_semaphore_releases_two_at_once},
            {"a semaphore is tried", a_semaphore_is_tried},
            {"a semaphore is tried with a time limit", a_semaphore_is_tried_with_a_time_limit},
            {"a latch, a barrier and a semaphore together",
             a_latch_a_barrier_and_a_semaphore_together},
        },
    };
}

}  // namespace never_blame
