#include "fetch_all.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/fetch_curl_use.hpp"
#include "support/fetch_refused.hpp"
#include "support/fetch_settled.hpp"
#include "support/measurement.hpp"
#include "support/server.hpp"
#include "support/threads.hpp"
#include "support/threads_since.hpp"
#include "support/together.hpp"

namespace {

using interleave::loopback_server;
using url_list = std::vector<std::string>;

/// A page as it was handed over.
struct arrival {
    std::size_t index;
    long status;
    std::string body;
    bool operator==(const arrival&) const = default;
};

std::ostream& operator<<(std::ostream& out, const arrival& page) {
    return out << '#' << page.index << ": " << page.status << " \"" << page.body << '"';
}

using arrivals = std::vector<arrival>;

/// What the answer has handed over when it returns, in that order. `also` sees each page as well.
arrivals fetched(const url_list& urls, const std::function<void(const arrival&)>& also = {}) {
    // An answer that hands over from several threads, or too late, is no reason to crash.
    struct record {
        std::mutex mutex;
        arrivals all;  // guarded by mutex
    };
    const auto seen = std::make_shared<record>();
    lesson::fetch_all(urls, [seen, also](std::size_t index, const lesson::page& page) {
        const std::lock_guard lock(seen->mutex);
        seen->all.push_back({index, page.status, page.body});
        if (also) also(seen->all.back());
    });
    const std::lock_guard lock(seen->mutex);
    return seen->all;
}

/// Fetches on a thread of its own. One std::async for all cases, as each further one takes the
/// compiler a tenth of a second.
std::future<arrivals> in_background(std::function<arrivals()> fetching) {
    return std::async(std::launch::async, std::move(fetching));
}

arrivals by_index(arrivals all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const arrival& l, const arrival& r) { return l.index < r.index; });
    return all;
}

/// That many URLs, made different by a number at their end.
url_list numbered(const loopback_server& server, const std::string& path, int count) {
    url_list urls;
    for (int i = 0; i < count; ++i) urls.push_back(server.url(path + std::to_string(i)));
    return urls;
}

arrivals all_met(std::size_t count) {
    arrivals expected;
    for (std::size_t i = 0; i < count; ++i) expected.push_back({i, 200, "met\n"});
    return expected;
}

/// How many threads are there now that were not there before. 0 where the system does not tell.
std::ptrdiff_t threads_beside(const std::vector<long>& before) {
    const std::vector<long> now = interleave::thread_ids();
    return std::count_if(now.begin(), now.end(), [&](long thread) {
        return std::find(before.begin(), before.end(), thread) == before.end();
    });
}

TEST_CASE("an empty list is no request and no page") {
    const loopback_server server;
    const arrivals none = fetched({});
    CHECK(none.empty());
    CHECK(server.stats().requests == 0);
}

TEST_CASE("each page is handed over once, with its index, its status and its whole body") {
    const loopback_server server;
    const arrivals all = fetched({server.url("/echo?zero"), server.url("/status/404"),
                                  server.url("/bytes/300000"), server.url("/echo?zero")});
    const arrivals expected{{0, 200, "zero"},
                            {1, 404, "status 404\n"},
                            {2, 200, std::string(300'000, 'x')},
                            {3, 200, "zero"}};
    const bool as_expected = by_index(all) == expected;  // not shown: it is long
    CHECK(all.size() == expected.size());
    CHECK(as_expected);
}

TEST_CASE("a server that takes its time is waited for") {
    const loopback_server server;
    const arrivals all = fetched({server.url("/delay/300"), server.url("/echo?one")});
    CHECK(by_index(all) == arrivals{{0, 200, "done\n"}, {1, 200, "one"}});
}

/// A transfer that the server holds: one run that three cases look at.
struct idle_run {
    bool in_flight = false;
    bool slept = false;
    std::ptrdiff_t other_threads = 0;
    bool napped = false;  ///< It slept until a time came, and not until something came in.
    arrivals through;

    idle_run() {
        loopback_server server;
        const url_list urls = numbered(server, "/gate/closed?", 1);
        const interleave::threads_since others;
        std::atomic<long> thread = 0;
        std::promise<std::vector<long>> there;
        auto all = in_background([&] {
            there.set_value(interleave::thread_ids());
            thread = interleave::thread_id();
            return fetched(urls);
        });
        const std::vector<long> before = there.get_future().get();
        in_flight = server.wait_for_in_flight(1, "/gate/closed", 30'000);
        slept = others.wait_until_at_rest();
        for (int looks = 0; looks < 20 && !napped; ++looks) {
            napped = interleave::takes_a_nap(thread).value_or(false);
            other_threads = std::max(other_threads, threads_beside(before));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));  // between two looks
        }
        server.open_gate("closed");
        through = by_index(all.get());
    }
};

const idle_run& observed() {
    static const idle_run run;
    return run;
}

TEST_CASE("the calling thread stays asleep while nothing comes in", "[livelock]") {
    CHECK(observed().in_flight);
    CHECK(observed().slept);
    CHECK(observed().through == arrivals{{0, 200, "through\n"}});
}

TEST_CASE("what comes in wakes the calling thread: it does not sleep for a time of its own",
          "[blocked-loop]") {
    CHECK_FALSE(observed().napped);
}

TEST_CASE("no other thread waits for the calling thread", "[too-many-threads]") {
    CHECK(observed().other_threads == 0);
}

/// Two hundred transfers that the server holds back until it has them all, or until no further one
/// will come: one run that two cases look at.
struct long_run {
    std::size_t in_flight = 0;
    std::ptrdiff_t other_threads = 0;

    long_run() {
        loopback_server server;
        const interleave::threads_since others;
        std::promise<std::vector<long>> there;
        auto all = in_background([&] {
            there.set_value(interleave::thread_ids());
            return fetched(numbered(server, "/gate/together?", 200));
        });
        const std::vector<long> before = there.get_future().get();
        interleave::settled(server, others, [](const auto& now) { return now.in_flight >= 200; });
        in_flight = server.stats().in_flight;
        other_threads = threads_beside(before);
        server.open_gate("together");
        all.get();
    }
};

const long_run& with_two_hundred() {
    static const long_run run;
    return run;
}

TEST_CASE("two hundred transfers are in flight at the same time", "[no-overlap]") {
    const std::size_t in_flight = with_two_hundred().in_flight;
    interleave::report_measurement("transfers in flight at once", double(in_flight), "of 200");
    CHECK(in_flight == 200);
}

TEST_CASE("the calling thread needs no other for two hundred transfers", "[too-many-threads]") {
    CHECK(with_two_hundred().other_threads == 0);
}

// Before the cases that wait for pages: one that is lost is not a page that is held up.
TEST_CASE("no page is lost when many come in at the same time") {
    const loopback_server server;
    bool first = true;
    const arrivals all = fetched(numbered(server, "/rendezvous/20?timeout_ms=30000&request=", 20),
                                 [&](const arrival&) {
                                     if (!std::exchange(first, false)) return;
                                     // By the end of this call the answers to all twenty have come
                                     // in.
                                     if (server.wait_for_answered(20, "", 30'000)) server.stats();
                                 });
    CHECK(by_index(all) == all_met(20));
}

struct held_up {
    bool others_came_first;  ///< The other five were handed over while the server held the one.
    arrivals all;
};

/// The pages of six URLs, one of which the server holds up until the other five have been handed
/// over, or until nothing more happens.
held_up with_one_held_up(loopback_server& server, std::size_t held) {
    url_list urls = numbered(server, "/echo?", 6);
    urls[held] = server.url("/gate/held");
    const interleave::threads_since others;
    std::atomic<int> handed_over = 0;
    auto all = in_background([&] {
        return fetched(urls, [&](const arrival& page) {
            if (page.body.size() == 1) handed_over.fetch_add(1, std::memory_order_relaxed);
        });
    });
    const bool others_came_first = interleave::settled(server, others, [&](const auto&) {
        return handed_over.load(std::memory_order_relaxed) >= 5;
    });
    server.open_gate("held");
    return {others_came_first, all.get()};
}

TEST_CASE("a page's index is that of its URL, in whatever order the pages come") {
    loopback_server server;
    const arrivals all = by_index(with_one_held_up(server, 0).all);
    REQUIRE(all.size() == 6);
    for (std::size_t i = 1; i < 6; ++i) CHECK(all[i] == arrival{i, 200, std::to_string(i)});
}

TEST_CASE("the others' pages are handed over while one transfer is held up", "[blocked-loop]") {
    for (const std::size_t held : {0, 5}) {
        loopback_server server;
        const auto [others_came_first, all] = with_one_held_up(server, held);
        CHECK(others_came_first);
        REQUIRE(all.size() == 6);
        CHECK(all.back() == arrival{held, 200, "through\n"});
    }
}

/// Whether that many pages have been handed over by the time that the loop waits again. Their
/// answers have left the server.
bool before_the_next_wait(const loopback_server& server, const interleave::threads_since& others,
                          const std::atomic<int>& handed_over, int pages) {
    // The system, too, may take a moment to pass an answer on: hence more than one look.
    for (int looks = 0; looks < 3; ++looks) {
        server.stats();  // whoever is answered later sees the earlier answers under way
        (void)others.wait_until_at_rest();
        if (handed_over.load(std::memory_order_relaxed) >= pages) return true;
    }
    return false;
}

TEST_CASE("a page that is in is handed over before the loop waits again", "[blocked-loop]") {
    loopback_server server;
    const interleave::threads_since others;
    std::atomic<int> handed_over = 0;
    auto all = in_background([&] {
        return fetched(numbered(server, "/gate/", 6), [&](const arrival&) {
            handed_over.fetch_add(1, std::memory_order_relaxed);
        });
    });
    interleave::settled(server, others, [](const auto& now) { return now.in_flight >= 6; });
    int pages = 0;
    int in_time = 0;
    for (const char* gate : {"3", "0", "5", "1", "4", "2"}) {
        server.open_gate(gate);
        if (before_the_next_wait(server, others, handed_over, ++pages)) ++in_time;
    }
    CHECK(in_time == 6);
    CHECK(all.get().size() == 6);
}

TEST_CASE("no URL is asked for more than once", "[too-many-requests]") {
    const loopback_server server;
    try {
        fetched({server.url("/reset"), server.url("/broken/1000")});
    } catch (const std::exception&) {
        // What becomes of a URL without an answer is told by another case.
    }
    fetched({server.url("/echo?1"), server.url("/status/503"), server.url("/bytes/9")});
    const auto requests = server.stats().requests;
    CHECK(requests <= 5);
}

TEST_CASE("a URL without an answer has status 0, and the others have their pages") {
    const loopback_server server;
    const interleave::refused_url refused;
    const arrivals all =
        fetched({server.url("/reset"), server.url("/echo?one"), refused.text(),
                 server.url("/status/404"), server.url("/echo?two"), server.url("/reset?again")});
    CHECK(by_index(all) == arrivals{{0, 0, ""},
                                    {1, 200, "one"},
                                    {2, 0, ""},
                                    {3, 404, "status 404\n"},
                                    {4, 200, "two"},
                                    {5, 0, ""}});
}

TEST_CASE("a URL whose answer breaks off has status 0 and no body") {
    const loopback_server server;
    const arrivals all = fetched({server.url("/broken/1000"), server.url("/echo?one")});
    CHECK(by_index(all) == arrivals{{0, 0, ""}, {1, 200, "one"}});
}

TEST_CASE("two lists that are fetched at the same time do not mix") {
    const loopback_server server;
    std::vector<arrivals> both(2);
    interleave::run_together(2, [&](int which) {
        both[std::size_t(which)] =
            by_index(fetched(numbered(server, which == 0 ? "/echo?one" : "/echo?other", 3)));
    });
    CHECK(both[0] == arrivals{{0, 200, "one0"}, {1, 200, "one1"}, {2, 200, "one2"}});
    CHECK(both[1] == arrivals{{0, 200, "other0"}, {1, 200, "other1"}, {2, 200, "other2"}});
}

TEST_CASE("a list does not wait for another one to be complete", "[no-overlap]") {
    loopback_server server;
    const interleave::threads_since others;
    auto held = in_background([&] { return fetched({server.url("/gate/held")}); });
    const bool in_flight = server.wait_for_in_flight(1, "/gate/held", 30'000);
    auto other = in_background([&] { return fetched(numbered(server, "/echo?", 3)); });
    const bool other_came_first = interleave::settled(server, others, [&](const auto&) {
        return other.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
    server.open_gate("held");
    CHECK(in_flight);
    CHECK(other_came_first);
    CHECK(held.get() == arrivals{{0, 200, "through\n"}});
    CHECK(by_index(other.get()) == arrivals{{0, 200, "0"}, {1, 200, "1"}, {2, 200, "2"}});
}

/// Told by every thread that uses libcurl, also by one that outlives its case.
std::atomic<long> caller = 0;
std::atomic<bool> others_fetched = false;

void note_thread() {
    if (interleave::thread_id() != caller.load(std::memory_order_relaxed)) {
        others_fetched.store(true, std::memory_order_relaxed);
    }
}

/// The processes that this one has started and not yet buried; 0 where the system does not tell.
std::ptrdiff_t children_now() {
    std::ptrdiff_t count = 0;
    std::error_code failed;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", failed)) {
        std::ifstream children(thread.path() / "children");
        count += std::distance(std::istream_iterator<long>(children), {});
    }
    return count;
}

TEST_CASE("the calling thread does all the work, and starts no other", "[too-many-threads]") {
    const loopback_server server;
    caller = interleave::thread_id();
    interleave::curl_use::tell(note_thread);
    const auto threads_before = interleave::thread_ids();
    std::ptrdiff_t other_threads = 0;
    const auto children_before = children_now();  // the server is one
    auto most_children = children_before;
    bool handed_over_elsewhere = false;
    fetched(numbered(server, "/rendezvous/8?timeout_ms=30000&request=", 8), [&](const arrival&) {
        other_threads = std::max(other_threads, threads_beside(threads_before));
        most_children = std::max(most_children, children_now());
        if (interleave::thread_id() != caller) handed_over_elsewhere = true;
    });
    interleave::curl_use::tell(nullptr);
    const bool fetched_elsewhere = others_fetched;
    CHECK_FALSE(fetched_elsewhere);
    CHECK_FALSE(handed_over_elsewhere);
    CHECK(other_threads == 0);
    CHECK(most_children == children_before);
}

}  // namespace
