#include "run_all.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <mutex>
#include <new>
#include <stdexcept>
#include <system_error>

#include "support/interleavings.hpp"
#include "support/patience.hpp"
#include "support/rendezvous.hpp"
#include "support/thread_state.hpp"
#include "support/threads.hpp"
#include "support/together.hpp"
#include "support/waiting_room.hpp"

namespace {

using tasks = std::vector<lesson::task>;
using results = std::vector<std::future<std::string>>;

/// What fetching a page may throw: more than a message.
struct http_error : std::runtime_error {
    http_error(int status, const std::string& url)
        : std::runtime_error(url + " answered " + std::to_string(status)), status(status) {}
    int status;
};

/// Not a std::exception.
struct cancelled {
    int by;
};

bool is_ready(const std::future<std::string>& result) {
    return result.valid() && result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

bool is_under_way(const std::future<std::string>& result) {
    return result.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
}

/// run_all(), and the end of all tasks: a case must not lose what a late task still writes to.
results run_to_end(const tasks& all) {
    results ready = lesson::run_all(all);
    for (const auto& result : ready) {
        if (result.valid()) result.wait();
    }
    return ready;
}

/// Whether `result` throws something caught as Error (a reference, or a pointer) for which `is`
/// holds.
template <class Error, class Predicate>
bool throws(std::future<std::string>& result, Predicate is) {
    try {
        result.get();
    } catch (Error error) {
        return is(error);
    } catch (...) {
    }
    return false;
}

/// The page, or what is no page.
std::string page_of(std::future<std::string>& result) {
    try {
        return result.get();
    } catch (...) {
        return "an error";
    }
}

TEST_CASE("each task's value is its result, in the order of the tasks") {
    results ready =
        run_to_end(tasks{[] { return std::string("one"); }, [] { return std::string(); },
                         [] { return std::string("three"); }});
    REQUIRE(ready.size() == 3);
    const std::string first = ready[0].get();
    const std::string second = ready[1].get();
    const std::string third = ready[2].get();
    CHECK(first == "one");
    CHECK(second.empty());
    CHECK(third == "three");
    const results none = run_to_end(tasks{});
    CHECK(none.empty());
}

TEST_CASE("tasks that end in the reverse order keep their places") {
    constexpr std::size_t count = 4;
    std::mutex mutex;
    interleave::waiting_room room;
    std::array<bool, count> ended{};
    tasks all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back([&mutex, &room, &ended, i]() -> std::string {
            std::unique_lock lock(mutex);
            if (i + 1 < count) room.wait(lock, [&] { return ended[i + 1]; });
            ended[i] = true;
            room.notify_all();
            return std::to_string(i);
        });
    }
    results ready = run_to_end(all);
    REQUIRE(ready.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string value = ready[i].get();
        CHECK(value == std::to_string(i));
    }
}

TEST_CASE("a task that throws ends neither the program nor the other tasks", "[lost-exception]") {
    results ready = run_to_end(tasks{[]() -> std::string { throw http_error(500, "/page"); },
                                     [] { return std::string("page"); }});
    const bool first_failed =
        !ready.empty() &&
        throws<const http_error&>(ready.front(), [](auto& error) { return error.status == 500; });
    CHECK(first_failed);
}

TEST_CASE("every task has one result, and runs once, whether it throws or not") {
    std::array<std::atomic<int>, 4> runs{};
    const auto task = [&](int i, bool fails) {
        return [&runs, i, fails]() -> std::string {
            runs[static_cast<std::size_t>(i)].fetch_add(1, std::memory_order_relaxed);
            if (fails) throw http_error(500 + i, "/page/" + std::to_string(i));
            return "page " + std::to_string(i);
        };
    };
    results ready = run_to_end(tasks{task(0, true), task(1, false), task(2, true), task(3, false)});
    REQUIRE(ready.size() == 4);
    for (const auto& count : runs) {
        const int times = count;
        CHECK(times == 1);
    }
    const std::string second = ready[1].get();
    const std::string fourth = ready[3].get();
    CHECK(second == "page 1");
    CHECK(fourth == "page 3");
}

TEST_CASE("each failed task's result throws that task's own error", "[lost-exception]") {
    tasks all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(
            [i]() -> std::string { throw http_error(500 + i, "/page/" + std::to_string(i)); });
    }
    results ready = run_to_end(all);
    REQUIRE(ready.size() == 5);
    for (int i = 0; i < 5; ++i) {
        const std::string text = "/page/" + std::to_string(i) + " answered 50" + std::to_string(i);
        const bool own = throws<const http_error&>(
            ready[static_cast<std::size_t>(i)],
            [&](auto& error) { return error.status == 500 + i && error.what() == text; });
        CHECK(own);
    }
}

TEST_CASE("an error keeps its type, and all that it carries", "[lost-exception]") {
    results ready = run_to_end(
        tasks{[]() -> std::string { throw std::out_of_range("past the end of the page"); },
              []() -> std::string {
                  throw std::system_error(std::make_error_code(std::errc::timed_out), "connect");
              },
              []() -> std::string { throw std::bad_alloc(); }});
    REQUIRE(ready.size() == 3);
    const bool range = throws<const std::out_of_range&>(ready[0], [](auto& error) {
        return error.what() == std::string("past the end of the page");
    });
    const bool timeout = throws<const std::system_error&>(
        ready[1], [](auto& error) { return error.code() == std::errc::timed_out; });
    const bool memory = throws<const std::bad_alloc&>(ready[2], [](auto&) { return true; });
    CHECK(range);
    CHECK(timeout);
    CHECK(memory);
}

TEST_CASE("what is thrown need not be an exception of the library", "[lost-exception]") {
    results ready = run_to_end(
        tasks{[]() -> std::string { throw 42; }, []() -> std::string { throw "no such host"; },
              []() -> std::string { throw cancelled{7}; }, [] { return std::string("page"); }});
    REQUIRE(ready.size() == 4);
    const bool number = throws<int>(ready[0], [](int thrown) { return thrown == 42; });
    const bool text = throws<const char*>(
        ready[1], [](const char* thrown) { return std::string(thrown) == "no such host"; });
    const bool object =
        throws<const cancelled&>(ready[2], [](auto& thrown) { return thrown.by == 7; });
    const std::string page = ready[3].get();
    CHECK(number);
    CHECK(text);
    CHECK(object);
    CHECK(page == "page");
}

TEST_CASE("all tasks are under way at the same time, however many", "[no-overlap]") {
    for (const int count : {4, 40}) {
        interleave::rendezvous meeting(count);
        tasks all;
        for (int i = 0; i < count; ++i) {
            all.push_back([&meeting, i]() -> std::string {
                meeting.visit();
                if (i % 2 == 1) throw http_error(404, "/page");
                return "page";
            });
        }
        const results ready = run_to_end(all);
        const int most = meeting.most();
        REQUIRE(most == count);
    }
}

/// What became of a call with a task that ends last: one that goes on until the caller either has
/// left run_all() or sleeps in it until another thread wakes it. A caller whose sleep has a time
/// limit is given the time to reach it.
struct last_run {
    bool outlived = false;  ///< The task, the call.
    bool all_ready = true;

    last_run(tasks all, std::size_t late) {
        const pid_t caller = gettid();
        std::atomic<bool> returned = false;
        all.at(late) = [&]() -> std::string {
            interleave::patience patience(std::chrono::seconds(2), 2'500);
            for (int waits = 0; waits < 10 && gettid() != caller;) {
                if (returned.load(std::memory_order_relaxed)) break;
                waits = waits_for_a_thread(caller) ? waits + 1 : 0;
                if (!patience.lasts(interleave::asleep(caller),
                                    interleave::processor_time(caller))) {
                    break;
                }
                std::this_thread::sleep_for(std::chrono::milliseconds(1));  // orders nothing
            }
            outlived = returned.load(std::memory_order_relaxed);
            throw http_error(503, "/last");
        };
        results ready = lesson::run_all(all);
        returned.store(true, std::memory_order_relaxed);
        all_ready = ready.size() == all.size();
        for (const auto& result : ready) {
            all_ready = all_ready && is_ready(result);
            if (result.valid()) result.wait();
        }
    }

  private:
    static bool waits_for_a_thread(pid_t thread) {
        return interleave::waits_for_another(thread).value_or(true) ||
               interleave::waits_for_a_descriptor(thread).value_or(true);
    }
};

TEST_CASE("it returns when the last task has ended, not before") {
    const auto page = []() -> std::string { return "page"; };
    const auto no_page = []() -> std::string { throw http_error(404, "/page"); };
    for (std::size_t late = 0; late < 5; ++late) {
        const last_run call(late % 2 == 0 ? tasks(5, page) : tasks(5, no_page), late);
        CHECK(call.all_ready);
        CHECK_FALSE(call.outlived);
    }
}

TEST_CASE("two threads that call at the same time get their own results") {
    interleave::rendezvous meeting(4);
    std::array<results, 2> ready;
    interleave::run_together(2, [&](int caller) {
        const auto task = [&meeting, caller](int number) {
            return [&meeting, caller, number] {
                meeting.visit();
                return std::to_string(10 * caller + number);
            };
        };
        ready[static_cast<std::size_t>(caller)] = run_to_end(tasks{task(1), task(2)});
    });
    std::vector<std::string> values;
    for (results& each : ready) {
        for (auto& result : each) values.push_back(result.get());
    }
    CHECK(values == std::vector<std::string>{"1", "2", "11", "12"});
}

TEST_CASE("what the tasks wrote can be read after the call") {
    std::array<long, 8> pages{};
    tasks all;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        all.push_back([&pages, i]() -> std::string {
            pages[i] = 1;
            if (i % 2 == 1) throw http_error(404, "/page/" + std::to_string(i));
            return "page";
        });
    }
    results ready = run_to_end(all);
    long fetched = 0;
    for (const long page : pages) fetched += page;
    CHECK(fetched == 8);
    std::size_t characters = 0;
    for (auto& result : ready) {
        try {
            characters += result.get().size();
        } catch (const http_error& error) {
            characters += std::string(error.what()).size();
        }
    }
    CHECK(characters == std::size_t{4} * 4 + 4 * std::string("/page/1 answered 404").size());
}

// An error that gets lost in every order is told by the cases above.
TEST_CASE("in every order of steps, nothing is under way after the call, and a page stays a page",
          "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        results ready;
        try {
            ready = lesson::run_all(
                tasks{[]() -> std::string { throw 7; }, [] { return std::string("page"); }});
        } catch (int) {
        }
        for (const auto& result : ready) EXPECT(!is_under_way(result));
        if (ready.size() == 2) EXPECT(page_of(ready[1]) == "page");
    });
}

}  // namespace
