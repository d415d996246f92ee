// <future>: results and exceptions that cross from one thread to another.

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

void a_promise_is_kept() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel([&] { answer.set_value(42); }, [&] { EXPECT(future.get() == 42); });
}

void a_promise_of_nothing_orders_everything() {
    int prepared = 0;
    std::promise<void> ready;
    auto future = ready.get_future();
    in_parallel(
        [&] {
            prepared = 1;
            ready.set_value();
        },
        [&] {
            future.wait();
            EXPECT(prepared == 1);
        });
}

void a_promise_of_a_reference() {
    int target = 0;
    std::promise<int&> where;
    auto future = where.get_future();
    in_parallel([&] { where.set_value(target); }, [&] { future.get() = 5; });
    EXPECT(target == 5);
}

void a_promise_of_something_that_only_moves() {
    std::promise<std::unique_ptr<std::string>> parcel;
    auto future = parcel.get_future();
    in_parallel(
        [&] { parcel.set_value(std::make_unique<std::string>("a text that needs the heap, too")); },
        [&] { EXPECT(future.get()->size() == 31); });
}

void an_exception_is_carried_to_the_reader() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel(
        [&] {
            try {
                throw std::runtime_error("no answer");
            } catch (...) {
                answer.set_exception(std::current_exception());
            }
        },
        [&] {
            try {
                future.get();
                EXPECT(false);
            } catch (const std::runtime_error& error) {
                EXPECT(error.what() == std::string("no answer"));
            }
        });
}

void a_broken_promise_is_caught() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel([&] { const std::promise<int> gone = std::move(answer); },
                [&] {
                    try {
                        future.get();
                        EXPECT(false);
                    } catch (const std::future_error& error) {
                        EXPECT(error.code() == std::future_errc::broken_promise);
                    }
                });
}

void the_second_to_set_a_promise_is_told() {
    std::promise<int> answer;
    auto future = answer.get_future();
    std::atomic<int> refused{0};
    const auto set = [&] {
        try {
            answer.set_value(1);
        } catch (const std::future_error&) {
            ++refused;
        }
    };
    in_parallel(set, set);
    EXPECT(refused == 1 && future.get() == 1);
}

void a_value_is_set_at_thread_exit() {
    std::promise<int> answer;
    auto future = answer.get_future();
    std::thread worker([&] { answer.set_value_at_thread_exit(7); });
    EXPECT(future.get() == 7);
    worker.join();
}

void a_packaged_task_runs_on_a_thread() {
    std::packaged_task<int(int, int)> sum([](int a, int b) { return a + b; });
    auto future = sum.get_future();
    std::thread worker(std::move(sum), 2, 3);
    EXPECT(future.get() == 5);
    worker.join();
}

void a_packaged_task_is_reset_and_runs_again() {
    std::packaged_task<int(int)> twice([](int n) { return 2 * n; });
    auto first = twice.get_future();
    std::thread([&] { twice(1); }).join();
    twice.reset();
    auto second = twice.get_future();
    std::thread([&] { twice(4); }).join();
    EXPECT(first.get() + second.get() == 10);
}

void a_packaged_task_is_ready_at_thread_exit() {
    std::packaged_task<int()> task([] { return 3; });
    auto future = task.get_future();
    std::thread worker([&] { task.make_ready_at_thread_exit(); });
    EXPECT(future.get() == 3);
    worker.join();
}

void async_runs_beside_us() {
    int beside = 0;
    auto sum = std::async(std::launch::async, [&] {
        beside = 1;
        return 4;
    });
    EXPECT(sum.get() == 4 && beside == 1);
}

void async_is_deferred_until_it_is_asked() {
    int asked = 0;
    auto sum = std::async(std::launch::deferred, [&] { return ++asked; });
    EXPECT(sum.wait_for(0s) == std::future_status::deferred);
    EXPECT(asked == 0);
    EXPECT(sum.get() == 1);
}

void async_chooses_for_itself() {
    auto sum = std::async([](int a, int b) { return a + b; }, 1, 2);
    EXPECT(sum.get() == 3);
}

void async_throws_where_it_is_asked() {
    auto failing = std::async(std::launch::async, []() -> int { throw std::out_of_range("far"); });
    try {
        failing.get();
        EXPECT(false);
    } catch (const std::out_of_range&) {
    }
}

void a_future_that_is_thrown_away_waits_in_its_destructor() {
    int done = 0;
    {
        const auto task = std::async(std::launch::async, [&] { done = 1; });
    }
    EXPECT(done == 1);
}

void a_shared_future_answers_three() {
    std::promise<std::string> answer;
    const std::shared_future<std::string> future = answer.get_future().share();
    const auto ask = [future] { EXPECT(future.get() == "yes"); };
    in_parallel(ask, ask, ask, [&] { answer.set_value("yes"); });
}

void a_shared_future_is_the_starting_signal() {
    std::promise<void> go;
    const auto signal = go.get_future().share();
    int prepared = 0;
    const auto run = [&, signal] {
        signal.wait();
        EXPECT(prepared == 1);
    };
    in_parallel(run, run, [&] {
        prepared = 1;
        go.set_value();
    });
}

void a_future_is_asked_now_and_then() {
    std::promise<int> answer;
    auto future = answer.get_future();
    in_parallel([&] { answer.set_value(1); },
                [&] {
                    while (future.wait_for(1ms) != std::future_status::ready) {
                    }
                    EXPECT(future.get() == 1);
                });
}

void a_future_is_asked_until_a_point_in_time() {
    auto task = std::async(std::launch::async, [] { return 2; });
    const auto status = task.wait_until(std::chrono::steady_clock::now() + 1ms);
    EXPECT(status == std::future_status::ready || status == std::future_status::timeout);
    EXPECT(task.get() == 2);
}

void futures_are_collected_in_the_order_of_the_questions() {
    std::vector<std::future<int>> squares;
    for (int i = 0; i < 3; ++i) {
        squares.push_back(std::async(std::launch::async, [i] { return i * i; }));
    }
    int sum = 0;
    for (auto& square : squares) sum = 10 * sum + square.get();
    EXPECT(sum == 14);
}

void a_future_waits_for_a_future() {
    auto first = std::async(std::launch::async, [] { return 1; });
    auto second =
        std::async(std::launch::async, [f = std::move(first)]() mutable { return f.get() + 1; });
    EXPECT(second.get() == 2);
}

void recursive_asyncs_divide_and_conquer() {
    const std::vector<int> numbers{1, 2, 3, 4};
    const std::function<int(std::size_t, std::size_t)> sum = [&](std::size_t from, std::size_t to) {
        if (to - from == 1) return numbers[from];
        const std::size_t middle = (from + to) / 2;
        auto left = std::async(std::launch::async, sum, from, middle);
        const int right = sum(middle, to);
        return left.get() + right;
    };
    EXPECT(sum(0, numbers.size()) == 10);
}

}  // namespace

corpus::topic futures() {
    return {
        "futures",
        {
            {"a promise is kept", a_promise_is_kept},
            {"a promise of nothing orders everything", a_promise_of_nothing_orders_everything},
            {"a promise of a reference", a_promise_of_a_reference},
            {"a promise of something that only moves", a_promise_of_something_that_only_moves},
            {"an exception is carried to the reader", an_exception_is_carried_to_the_reader},
            {"a broken promise is caught", a_broken_promise_is_caught},
            {"the second to set a promise is told", the_second_to_set_a_promise_is_told},
            {"a value is set at thread exit", a_value_is_set_at_thread_exit},
            {"a packaged_task runs on a thread", a_packaged_task_runs_on_a_thread},
            {"a packaged_task is reset and runs again", a_packaged_task_is_reset_and_runs_again},
            {"a packaged_task is ready at thread exit", a_packaged_task_is_ready_at_thread_exit},
            {"async runs beside us", async_runs_beside_us},
            {"async is deferred until it is asked", async_is_deferred_until_it_is_asked},
            {"async chooses for itself", async_chooses_for_itself},
            {"async throws where it is asked", async_throws_where_it_is_asked},
            {"a future that is thrown away waits in its destructor",
             a_future_that_is_thrown_away_waits_in_its_destructor},
            {"a shared_future answers three", a_shared_future_answers_three},
            {"a shared_future is the starting signal", a_shared_future_is_the_starting_signal},
            {"a future is asked now and then", a_future_is_asked_now_and_then},
            {"a future is asked until a point in time", a_future_is_asked_until_a_point_in_time},
            {"futures are collected in the order of the questions",
             futures_are_collected_in_the_order_of_the_questions},
            {"a future waits for a future", a_future_waits_for_a_future},
            {"recursive asyncs divide and conquer", recursive_asyncs_divide_and_conquer},
        },
    };
}

}  // namespace never_blame
