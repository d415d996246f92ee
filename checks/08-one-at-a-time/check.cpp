#include "fetch_all.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/exit_watch.hpp"
#include "support/fetch_curl_use.hpp"
#include "support/fetch_refused.hpp"
#include "support/fetch_settled.hpp"
#include "support/measurement.hpp"
#include "support/server.hpp"
#include "support/threads_since.hpp"
#include "support/together.hpp"

namespace {

using interleave::loopback_server;
using url_list = std::vector<std::string>;

/// A page as the check saw it, whatever the answer returns.
struct seen {
    long status;
    std::string body;
    bool operator==(const seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const seen& page) {
    return out << page.status << " \"" << page.body << '"';
}

using pages = std::vector<seen>;

pages fetched(const url_list& urls) {
    const std::vector<lesson::page> all = lesson::fetch_all(urls);
    pages copies;
    for (const lesson::page& each : all) copies.push_back({each.status, each.body});
    return copies;
}

/// That many URLs, made different by a number at their end.
url_list numbered(const loopback_server& server, const std::string& path, int count) {
    url_list urls;
    for (int i = 0; i < count; ++i) urls.push_back(server.url(path + std::to_string(i)));
    return urls;
}

TEST_CASE("an empty list is no request and no page") {
    const loopback_server server;
    const pages none = fetched({});
    CHECK(none.empty());
    CHECK(server.stats().requests == 0);
}

TEST_CASE("a page has the status and the whole body that its URL answers with") {
    const loopback_server server;
    CHECK(fetched({server.url("/echo?hello")}) == pages{{200, "hello"}});
    CHECK(fetched({server.url("/status/404")}) == pages{{404, "status 404\n"}});
    CHECK(fetched({server.url("/bytes/0")}) == pages{{200, ""}});
    const pages large = fetched({server.url("/bytes/300000")});
    REQUIRE(large.size() == 1);
    CHECK(large[0].status == 200);
    CHECK(large[0].body.size() == 300'000);
}

TEST_CASE("a server that takes its time is waited for") {
    const loopback_server server;
    CHECK(fetched({server.url("/delay/300"), server.url("/echo?one")}) ==
          pages{{200, "done\n"}, {200, "one"}});
}

/// Fetches on a thread of its own. One std::async for all cases, as each further one takes the
/// compiler a tenth of a second.
std::future<pages> in_background(std::function<pages()> fetching) {
    return std::async(std::launch::async, std::move(fetching));
}

/// Fetches that many pages, which the server holds back until it has all their requests at once, or
/// until no further request will come. Returns how many it held.
std::size_t most_in_flight(int count) {
    loopback_server server;
    const interleave::threads_since others;
    auto all = in_background([&] { return fetched(numbered(server, "/gate/together?", count)); });
    interleave::settled(server, others, [count](const interleave::server_stats& now) {
        return now.in_flight >= static_cast<std::size_t>(count);
    });
    const std::size_t held = server.stats().in_flight;
    server.open_gate("together");
    const pages through = all.get();
    CHECK(through == pages(static_cast<std::size_t>(count), {200, "through\n"}));
    return held;
}

TEST_CASE("three requests are in flight at the same time", "[no-overlap]") {
    const std::size_t in_flight = most_in_flight(3);
    interleave::report_measurement("requests in flight at once", double(in_flight), "of 3");
    CHECK(in_flight == 3);
}

TEST_CASE("a hundred requests are in flight at the same time", "[no-overlap]") {
    const std::size_t in_flight = most_in_flight(100);
    CHECK(in_flight == 100);
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

TEST_CASE("a URL that is in the list twice is asked for twice") {
    const loopback_server server;
    const pages both = fetched({server.url("/echo?same"), server.url("/echo?same")});
    CHECK(both == pages(2, {200, "same"}));
    const auto requests = server.stats().requests;
    CHECK(requests == 2);
}

TEST_CASE("pages are in the order of their URLs, though the first URL is the last to answer") {
    loopback_server server;
    const interleave::threads_since others;
    auto all = in_background([&server] {
        return fetched(
            {server.url("/gate/first"), server.url("/echo?second"), server.url("/echo?third")});
    });
    // The first answer leaves only when the others have arrived and all has been done with them.
    const auto both_answered = [](const interleave::server_stats& now) {
        return now.requests == 3 && now.in_flight == 1;
    };
    if (interleave::settled(server, others, both_answered)) {
        server.stats();  // whoever is answered later sees the earlier answers under way
        (void)others.wait_until_at_rest();
    }
    server.open_gate("first");
    CHECK(all.get() == pages{{200, "through\n"}, {200, "second"}, {200, "third"}});
}

TEST_CASE("a hundred pages are each in the place of their URL") {
    const loopback_server server;
    pages expected;
    for (int i = 0; i < 100; ++i) expected.push_back({200, std::to_string(i)});
    CHECK(fetched(numbered(server, "/echo?", 100)) == expected);
    const auto requests = server.stats().requests;
    CHECK(requests == 100);
}

TEST_CASE("a URL without an answer has status 0, and the others have their pages") {
    const loopback_server server;
    const interleave::refused_url refused;
    const pages all =
        fetched({server.url("/reset"), server.url("/echo?one"), refused.text(),
                 server.url("/status/404"), server.url("/echo?two"), server.url("/reset?again")});
    CHECK(all ==
          pages{{0, ""}, {200, "one"}, {0, ""}, {404, "status 404\n"}, {200, "two"}, {0, ""}});
}

TEST_CASE("a URL whose answer breaks off has status 0 and no body") {
    const loopback_server server;
    CHECK(fetched({server.url("/broken/1000"), server.url("/echo?one")}) ==
          pages{{0, ""}, {200, "one"}});
}

TEST_CASE("two lists that are fetched at the same time do not mix") {
    const loopback_server server;
    std::vector<pages> both(2);
    interleave::run_together(2, [&](int which) {
        both[std::size_t(which)] =
            fetched(numbered(server, which == 0 ? "/echo?one" : "/echo?other", 3));
    });
    CHECK(both[0] == pages{{200, "one0"}, {200, "one1"}, {200, "one2"}});
    CHECK(both[1] == pages{{200, "other0"}, {200, "other1"}, {200, "other2"}});
}

TEST_CASE("a list does not wait for another one to be complete", "[no-overlap]") {
    loopback_server server;
    const interleave::threads_since others;
    auto held = in_background([&] { return fetched({server.url("/gate/held")}); });
    const bool in_flight = server.wait_for_in_flight(1, "/gate/held");
    auto other = in_background([&] { return fetched(numbered(server, "/echo?", 3)); });
    const bool other_came_first = interleave::settled(server, others, [&](const auto&) {
        return other.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
    server.open_gate("held");
    CHECK(in_flight);
    CHECK(other_came_first);
    CHECK(held.get() == pages{{200, "through\n"}});
    CHECK(other.get() == pages{{200, "0"}, {200, "1"}, {200, "2"}});
}

/// Told by every thread that fetches, also by one that outlives its case.
interleave::exit_watch& fetching_threads() {
    static auto& watch = *new interleave::exit_watch;
    return watch;
}

TEST_CASE("no thread that fetches is left when the pages are there", "[unjoined-thread]") {
    const loopback_server server;
    fetching_threads();
    interleave::curl_use::tell([] { fetching_threads().note_thread(); });
    fetched(numbered(server, "/echo?", 4));
    const int still_running = fetching_threads().still_running();
    interleave::curl_use::tell(nullptr);
    CHECK(still_running == 0);
}

}  // namespace
