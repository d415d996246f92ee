// <stop_token> and std::jthread.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void a_jthread_is_stopped_by_its_destructor() {
    int rounds = 0;
    {
        const std::jthread worker([&](const std::stop_token& stop) {
            do ++rounds;
            while (!stop.stop_requested());
        });
    }
    EXPECT(rounds >= 1);
}

void a_jthread_is_stopped_by_request() {
    std::atomic<bool> running{false};
    std::jthread worker([&](const std::stop_token& stop) {
        running = true;
        while (!stop.stop_requested()) std::this_thread::yield();
    });
    EXPECT(worker.request_stop());
    EXPECT(!worker.request_stop());
    worker.join();
    EXPECT(running);
}

void a_consumer_waits_until_it_is_stopped() {
    std::mutex guard;
    std::condition_variable_any changed;
    std::deque<int> items;
    int sum = 0;
    {
        const std::jthread consumer([&](const std::stop_token& stop) {
            std::unique_lock lock(guard);
            while (changed.wait(lock, stop, [&] { return !items.empty(); })) {
                sum += items.front();
                items.pop_front();
            }
        });
        for (int i = 1; i <= 2; ++i) {
            {
                const std::lock_guard lock(guard);
                items.push_back(i);
            }
            changed.notify_one();
        }
    }
    for (const int item : items) sum += item;
    EXPECT(sum == 3);
}

void a_callback_runs_when_the_stop_is_requested() {
    std::stop_source source;
    std::atomic<int> called{0};
    in_parallel(
        [&, token = source.get_token()] {
            const std::stop_callback callback(token, [&] { ++called; });
            while (called == 0) std::this_thread::yield();
        },
        [&] { source.request_stop(); });
    EXPECT(called == 1);
}

void a_callback_that_is_gone_is_not_called() {
    std::stop_source source;
    in_parallel(
        [&] {
            auto alive = std::make_unique<int>(1);
            {
                const std::stop_callback callback(source.get_token(), [&] { *alive = 2; });
            }
            // From here on the callback has run to its end, or never will.
            alive.reset();
        },
        [&] { source.request_stop(); });
}

void one_of_two_requests_is_the_first() {
    std::stop_source source;
    std::atomic<int> first{0};
    const auto request = [&] {
        if (source.request_stop()) ++first;
    };
    in_parallel(request, request);
    EXPECT(first == 1);
    EXPECT(source.get_token().stop_requested());
}

void what_was_written_before_the_request_is_seen() {
    std::stop_source source;
    int reason = 0;
    in_parallel(
        [&] {
            reason = 5;
            source.request_stop();
        },
        [&] {
            if (source.stop_requested()) EXPECT(reason == 5);
        });
}

void a_token_outlives_its_source() {
    std::optional<std::stop_source> source(std::in_place);
    const std::stop_token token = source->get_token();
    in_parallel([&] { source.reset(); },
                [&] {
                    while (token.stop_possible()) std::this_thread::yield();
                    EXPECT(!token.stop_requested());
                });
}

void three_jthreads_share_one_source() {
    std::stop_source source;
    std::atomic<int> stopped{0};
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < 3; ++i) {
            workers.emplace_back(
                [&](const std::stop_token& stop) {
                    while (!stop.stop_requested()) std::this_thread::yield();
                    ++stopped;
                },
                source.get_token());
        }
        source.request_stop();
    }
    EXPECT(stopped == 3);
}

void a_stop_wakes_a_plain_condition_through_a_callback() {
    std::mutex guard;
    std::condition_variable changed;
    bool stopping = false;
    std::jthread worker([&](const std::stop_token& stop) {
        const std::stop_callback wake(stop, [&] {
            const std::lock_guard lock(guard);
            stopping = true;
            changed.notify_all();
        });
        std::unique_lock lock(guard);
        changed.wait(lock, [&] { return stopping; });
        lock.unlock();
    });
}

void a_timed_wait_ends_by_a_stop() {
    std::mutex guard;
    std::condition_variable_any changed;
    const std::jthread worker([&](const std::stop_token& stop) {
        std::unique_lock lock(guard);
        const auto until = std::chrono::steady_clock::now() + std::chrono::hours(1);
        EXPECT(!changed.wait_until(lock, stop, until, [] { return false; }));
        EXPECT(stop.stop_requested() || std::chrono::steady_clock::now() >= until);
    });
}

}  // namespace

corpus::topic stop_tokens() {
    return {
        "stop tokens",
        {
            {"a jthread is stopped by its destructor", a_jthread_is_stopped_by_its_destructor},
            {"a jthread is stopped by request", a_jthread_is_stopped_by_request},
            {"a consumer waits until it is stopped", a_consumer_waits_until_it_is_stopped},
            {"a callback runs when the stop is requested",
             a_callback_runs_when_the_stop_is_requested},
            {"a callback that is gone is not called", a_callback_that_is_gone_is_not_called},
            {"one of two requests is the first", one_of_two_requests_is_the_first},
            {"what was written before the request is seen",
             what_was_written_before_the_request_is_seen},
            {"a token outlives its source", a_token_outlives_its_source},
            {"three jthreads share one source", three_jthreads_share_one_source},
            {"a stop wakes a plain condition through a callback",
             a_stop_wakes_a_plain_condition_through_a_callback},
            {"a timed wait ends by a stop", a_timed_wait_ends_by_a_stop},
        },
    };
}

}  // namespace never_blame
