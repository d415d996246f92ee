// The loopback server and its fixture, observed from outside: the server as a process, its clients
// as sockets of this test. Nothing here waits for a time to pass; the server itself says when it
// has seen what a test waits for.

#include "support/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "support/infrastructure.hpp"

using Catch::Matchers::ContainsSubstring;
using interleave::loopback_server;
using interleave::server_request;

namespace {

int connect_to(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        return descriptor;
    }
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return -1;
}

/// One connection that sends requests and reads answers when told to.
class client {
  public:
    explicit client(const loopback_server& server) : descriptor_(connect_to(server.port())) {
        REQUIRE(descriptor_ >= 0);
    }
    client(const loopback_server& server, const std::string& target) : client(server) {
        ask(target);
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client() { give_up(); }

    void ask(const std::string& target, const std::string& method = "GET") {
        send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
    }

    void send(const std::string& text) {
        REQUIRE(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }

    /// The status of the next answer: 0 for the end of the connection, -errno for an error.
    int status() {
        std::size_t header_end;
        while ((header_end = text_.find("\r\n\r\n")) == std::string::npos) {
            if (const int more = receive(); more <= 0) return more;
        }
        const int status = std::atoi(text_.c_str() + std::string("HTTP/1.1 ").size());
        const std::string length_header = "Content-Length: ";
        const auto length_at = text_.find(length_header);
        std::size_t length = 0;
        if (length_at < header_end) {
            length = std::strtoul(text_.c_str() + length_at + length_header.size(), nullptr, 10);
        }
        text_.erase(0, header_end + 4);
        while (text_.size() < length) {
            if (const int more = receive(); more <= 0) return more;
        }
        body_ = text_.substr(0, length);
        text_.erase(0, length);
        return status;
    }

    /// The body of the answer that status() has read.
    const std::string& body() const { return body_; }

    /// What has come of an answer that status() did not get to its end.
    const std::string& rest() const { return text_; }

    void give_up() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

  private:
    int receive() {
        char part[65536];
        const ssize_t count = ::recv(descriptor_, part, sizeof part, 0);
        if (count < 0) return -errno;
        text_.append(part, static_cast<std::size_t>(count));
        return static_cast<int>(count);
    }

    int descriptor_;
    std::string text_;
    std::string body_;
};

int status_of(const loopback_server& server, const std::string& target) {
    return client(server, target).status();
}

std::string body_of(const loopback_server& server, const std::string& target) {
    client one(server, target);
    REQUIRE(one.status() == 200);
    return one.body();
}

/// Sets an environment variable for the time of a scope.
class scoped_environment {
  public:
    scoped_environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value, 1);
    }
    ~scoped_environment() {
        if (before_.empty()) {
            ::unsetenv(name_);
        } else {
            ::setenv(name_, before_.c_str(), 1);
        }
    }

  private:
    const char* name_;
    std::string before_;
};

/// Runs `body(port_pipe)` in a forked child, which tells the port of a server that it has started.
/// The child ends when `body` returns; its process id and the port are returned.
template <class Body>
std::pair<pid_t, std::uint16_t> in_child(Body body) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        body(ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::uint16_t port = 0;
    REQUIRE(::read(ends[0], &port, sizeof port) == sizeof port);
    ::close(ends[0]);
    return {child, port};
}

void tell(int pipe, std::uint16_t port) {
    if (::write(pipe, &port, sizeof port) != sizeof port) ::_exit(1);
}

/// Blocks until the other side has closed the connection without an answer.
bool ended_without_answer(int connection) {
    char byte;
    const ssize_t count = ::recv(connection, &byte, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
}

/// Blocks until nobody listens on the port. A dying process closes its sockets one by one, so a
/// connection may still be taken and then ended.
bool released(std::uint16_t port) {
    for (;;) {
        const int connection = connect_to(port);
        if (connection < 0) return errno == ECONNREFUSED;
        const bool ended = ended_without_answer(connection);
        ::close(connection);
        if (!ended) return false;
    }
}

}  // namespace

TEST_CASE("a delayed answer comes no earlier than asked for") {
    loopback_server server;
    CHECK(status_of(server, "/delay/20?item=7") == 200);
    const auto seen = server.stats();
    REQUIRE(seen.timeline.size() == 1);
    CHECK(seen.timeline[0].path == "/delay/20?item=7");
    CHECK(seen.timeline[0].status == 200);
    CHECK(seen.timeline[0].end_us - seen.timeline[0].start_us >= 20'000);
}

TEST_CASE("bytes, status and echo answer what the URL says") {
    loopback_server server;
    CHECK(body_of(server, "/bytes/0").empty());
    CHECK(body_of(server, "/bytes/1000000?unique") == std::string(1'000'000, 'x'));
    CHECK(body_of(server, "/echo?a=1&b=%41%20c%") == "a=1&b=A c%");
    for (const int code : {200, 204, 301, 404, 418, 500, 503}) {
        CHECK(status_of(server, "/status/" + std::to_string(code)) == code);
        CHECK(server.stats().timeline.back().status == code);
    }
}

TEST_CASE("a mistake in the URL gets a sentence, not a guess") {
    loopback_server server;
    for (const char* wrong : {"/delay/soon", "/delay/-1", "/delay/999999999", "/bytes/1e3",
                              "/status/99", "/rendezvous/0", "/rendezvous/2?timeout_ms=x"}) {
        client one(server, wrong);
        CHECK(one.status() == 400);
        CHECK_THAT(one.body(), ContainsSubstring(wrong) && ContainsSubstring("expected"));
    }
    for (const char* unknown : {"/", "/delay", "/delay/", "/delay/1/2", "/gate/a/b", "/Stats"}) {
        client one(server, unknown);
        CHECK(one.status() == 404);
        CHECK_THAT(one.body(), ContainsSubstring("The routes are"));
    }
    CHECK(server.stats().requests == 13);
}

TEST_CASE("a connection serves one request after another") {
    loopback_server server;
    client one(server);
    for (const char* target : {"/delay/1", "/bytes/70000", "/status/404"}) {
        one.ask(target);
        CHECK(one.status() > 0);
    }
    CHECK(server.stats().requests == 3);
    CHECK(server.stats().max_in_flight == 1);
}

TEST_CASE("a request sent ahead of the answer waits for its turn") {
    loopback_server server;
    client one(server, "/gate/first");
    REQUIRE(server.wait_for_in_flight(1));
    one.ask("/status/201");
    CHECK(status_of(server, "/status/200") == 200);  // the server is alive
    server.open_gate("first");
    CHECK(one.status() == 200);
    CHECK(one.status() == 201);
}

TEST_CASE("a client that gives up is seen") {
    loopback_server server;
    for (const char* target : {"/hang", "/delay/600000", "/gate/never", "/rendezvous/9"}) {
        client one(server, target);
        REQUIRE(server.wait_for_in_flight(1, target));
        one.give_up();
        REQUIRE(server.wait_for_gave_up(1, target));
        CHECK(server.stats().timeline.back().status == server_request::gave_up);
        CHECK(server.stats().timeline.back().end_us >= 0);
    }
    CHECK(server.wait_until_idle());
    CHECK(server.stats().in_flight == 0);
    CHECK(server.open_gate("never") == 0);
    CHECK(server.stop() == 0);
}

TEST_CASE("a request in flight has a start and no end") {
    loopback_server server;
    client one(server, "/hang");
    REQUIRE(server.wait_for_in_flight(1));
    const auto seen = server.stats();
    CHECK(seen.in_flight == 1);
    REQUIRE(seen.timeline.size() == 1);
    CHECK(seen.timeline[0].start_us >= 0);
    CHECK(seen.timeline[0].end_us == -1);
    CHECK(seen.timeline[0].status == server_request::none);
}

TEST_CASE("reset cuts the connection with a TCP reset") {
    loopback_server server;
    CHECK(status_of(server, "/reset") == -ECONNRESET);
    REQUIRE(server.wait_until_idle());
    CHECK(server.stats().timeline.at(0).status == server_request::none);
    CHECK(server.stats().timeline.at(0).end_us >= 0);
    CHECK(server.stop() == 0);
}

TEST_CASE("a broken answer ends with the connection after half of its body") {
    loopback_server server;
    client one(server, "/broken/1000");
    CHECK(one.status() == 0);
    CHECK(one.rest() == std::string(500, 'x'));
    REQUIRE(server.wait_until_idle());
    CHECK(server.stats().timeline.at(0).status == server_request::none);
    CHECK(server.stop() == 0);
}

TEST_CASE("a rendezvous answers when all are in flight") {
    loopback_server server;
    client first(server, "/rendezvous/3?a");
    client second(server, "/rendezvous/3?b");
    REQUIRE(server.wait_for_in_flight(2, "/rendezvous/3"));
    client third(server, "/rendezvous/3?c");
    for (client* each : {&first, &second, &third}) CHECK(each->status() == 200);
    CHECK(server.stats().max_in_flight == 3);
    CHECK(status_of(server, "/rendezvous/1") == 200);

    SECTION("and the next group meets as well") {
        client again[] = {
            {server, "/rendezvous/3"}, {server, "/rendezvous/3"}, {server, "/rendezvous/3"}};
        for (client& each : again) CHECK(each.status() == 200);
    }
}

TEST_CASE("a rendezvous that fails once fails at once until the reset") {
    loopback_server server;
    client first(server, "/rendezvous/3");
    client second(server, "/rendezvous/3?timeout_ms=1");
    CHECK(second.status() == 503);
    CHECK_THAT(second.body(), ContainsSubstring(" of 3 requests"));
    CHECK(first.status() == 503);

    // With the longest time-out these would not be answered within the patience of any test.
    for (int i = 0; i < 5; ++i) {
        CHECK(status_of(server, "/rendezvous/3?timeout_ms=600000") == 503);
    }
    client other(server, "/rendezvous/2?timeout_ms=600000");
    REQUIRE(server.wait_for_in_flight(1));
    CHECK(status_of(server, "/rendezvous/2?timeout_ms=600000") == 200);

    server.reset();
    client again[] = {
        {server, "/rendezvous/3"}, {server, "/rendezvous/3"}, {server, "/rendezvous/3"}};
    for (client& each : again) CHECK(each.status() == 200);
}

TEST_CASE("one who gave up does not count for the rendezvous") {
    loopback_server server;
    client first(server, "/rendezvous/2?timeout_ms=600000");
    REQUIRE(server.wait_for_in_flight(1));
    first.give_up();
    REQUIRE(server.wait_for_gave_up(1));
    client second(server, "/rendezvous/2?timeout_ms=600000");
    REQUIRE(server.wait_for_in_flight(1));
    CHECK(server.stats().in_flight == 1);
    CHECK(status_of(server, "/rendezvous/2") == 200);
    CHECK(second.status() == 200);
}

TEST_CASE("a gate holds requests until it is opened") {
    loopback_server server;
    client held[] = {{server, "/gate/a?1"}, {server, "/gate/a?2"}};
    client other(server, "/gate/b");
    REQUIRE(server.wait_for_in_flight(2, "/gate/a"));
    REQUIRE(server.wait_for_in_flight(3));
    CHECK(status_of(server, "/status/200") == 200);
    CHECK(server.stats().in_flight == 3);

    CHECK(server.open_gate("a") == 2);
    for (client& each : held) CHECK(each.status() == 200);
    CHECK(status_of(server, "/gate/a") == 200);
    CHECK(server.stats().in_flight == 1);

    server.reset();
    CHECK(other.status() == 503);
    client again(server, "/gate/a");
    CHECK(server.wait_for_in_flight(1, "/gate/a"));
}

TEST_CASE("a reset forgets what came before, also what is still in flight") {
    loopback_server server;
    client before(server, "/hang");
    REQUIRE(server.wait_for_in_flight(1));
    server.reset();
    CHECK(server.stats().requests == 0);
    CHECK(server.stats().in_flight == 0);
    CHECK(server.stats().max_in_flight == 0);

    CHECK(status_of(server, "/delay/0") == 200);
    before.give_up();
    client after(server, "/hang");
    REQUIRE(server.wait_for_in_flight(1));
    after.give_up();
    REQUIRE(server.wait_for_gave_up(1));
    CHECK(server.stats().requests == 2);
    CHECK(server.stats().max_in_flight == 1);
    CHECK(status_of(server, "/stats/reset") == 200);
}

TEST_CASE("a wait says whether the state was reached") {
    loopback_server server;
    CHECK(server.wait_for_arrived(0));
    CHECK(server.wait_until_idle());
    CHECK_FALSE(server.wait_for_arrived(1, "", 1));
    CHECK_FALSE(server.wait_for_in_flight(1, "", 1));

    client held(server, "/gate/a");
    CHECK(server.wait_for_arrived(1));
    CHECK_FALSE(server.wait_for_in_flight(2, "", 1));
    CHECK_FALSE(server.wait_for_answered(1, "", 1));
    CHECK_FALSE(server.wait_until_idle(1));
    client waiting(server, "/stats/wait/answered?count=1&path=/gate/a");
    server.open_gate("a");
    CHECK(waiting.status() == 200);
    CHECK(server.wait_for_answered(1, "/gate/a"));
    CHECK_FALSE(server.wait_for_answered(1, "/gate/b", 1));
    CHECK(status_of(server, "/stats/wait/happiness") == 400);
}

TEST_CASE("the statistics as JSON tell the same, whatever bytes a path has") {
    loopback_server server;
    CHECK(status_of(server, "/status/404?\"%22\\\xff") == 404);
    const std::string json = body_of(server, "/stats");
    CHECK_THAT(json, ContainsSubstring(R"("requests":1)") &&
                         ContainsSubstring(R"("in_flight":0)") &&
                         ContainsSubstring(R"("max_in_flight":1)") &&
                         ContainsSubstring(R"("status":404)") &&
                         ContainsSubstring(R"("path":"/status/404?\"%22\\)"));
    client post(server);
    post.ask("/stats/reset", "POST");
    CHECK(post.status() == 200);
    CHECK(server.stats().requests == 0);
}

TEST_CASE("a thousand requests are in flight at once") {
    rlimit files{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &files) == 0);
    if (files.rlim_max < 1'100) SKIP("this machine allows fewer than 1,100 open files");

    loopback_server server;
    std::deque<client> all;
    for (int i = 0; i < 1'000; ++i) all.emplace_back(server);
    for (client& each : all) each.ask("/rendezvous/1000?timeout_ms=60000");
    CHECK(std::all_of(all.begin(), all.end(), [](client& each) { return each.status() == 200; }));
    CHECK(server.stats().max_in_flight == 1'000);

    SECTION("and a thousand that give up at once are all seen") {
        for (client& each : all) each.ask("/hang");
        REQUIRE(server.wait_for_in_flight(1'000, "/hang"));
        for (client& each : all) each.give_up();
        CHECK(server.wait_for_gave_up(1'000, "/hang"));
    }
    CHECK(server.stop() == 0);
}

TEST_CASE("the backlog takes a thousand connections before the server accepts one") {
    int backlog = 0;
    if (FILE* limit = std::fopen("/proc/sys/net/core/somaxconn", "r")) {
        if (std::fscanf(limit, "%d", &backlog) != 1) backlog = 0;
        std::fclose(limit);
    }
    if (backlog < 1'000) SKIP("this machine limits the backlog to " << backlog);

    loopback_server server;
    ::kill(server.process_id(), SIGSTOP);
    std::deque<client> all;
    for (int i = 0; i < 1'000; ++i) all.emplace_back(server, "/status/200");
    ::kill(server.process_id(), SIGCONT);
    CHECK(std::all_of(all.begin(), all.end(), [](client& each) { return each.status() == 200; }));
}

TEST_CASE("the process ends cleanly, with requests of every kind in flight") {
    loopback_server server;
    client held[] = {{server, "/hang"},
                     {server, "/gate/a"},
                     {server, "/rendezvous/9"},
                     {server, "/delay/600000"},
                     {server, "/stats/wait/arrived?count=99"}};
    REQUIRE(server.wait_for_in_flight(4));
    const pid_t process = server.process_id();
    const std::uint16_t port = server.port();
    CHECK(server.stop() == 0);
    CHECK(::waitpid(process, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
    CHECK(connect_to(port) == -1);
    CHECK_THROWS_AS(server.stats(), interleave::infrastructure_error);
}

TEST_CASE("the server ends with its standard input") {
    const auto [child, port] = in_child([](int pipe) {
        loopback_server server;
        const int connection = connect_to(server.port());
        // Closes the server's standard input while its parent, this child, lives on.
        for (int each = 3; each < 256; ++each) {
            if (each != pipe && each != connection) ::close(each);
        }
        const bool ended = ended_without_answer(connection);
        tell(pipe, ended ? server.port() : 0);
        ::_exit(0);
    });
    CHECK(port != 0);
    CHECK(::waitpid(child, nullptr, 0) == child);
    CHECK(released(port));
}

#ifdef __linux__
TEST_CASE("the server keeps no descriptor of the check open") {
    int inheritable[2];
    REQUIRE(::pipe(inheritable) == 0);
    loopback_server server;
    ::close(inheritable[1]);
    pollfd one{.fd = inheritable[0], .events = POLLIN, .revents = 0};
    CHECK(::poll(&one, 1, 0) == 1);
    CHECK(one.revents == POLLHUP);
    ::close(inheritable[0]);
}

TEST_CASE("the server ends with its parent, although another process holds its standard input") {
    int parent_may_die[2];
    int grandchild_may_end[2];
    REQUIRE(::pipe2(parent_may_die, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(grandchild_may_end, O_CLOEXEC) == 0);
    const auto [child, port] = in_child([&](int pipe) {
        loopback_server server;
        ::close(grandchild_may_end[1]);
        ::close(parent_may_die[1]);
        char byte;
        if (::fork() == 0) {
            ::close(pipe);
            ::_exit(static_cast<int>(::read(grandchild_may_end[0], &byte, 1)));
        }
        tell(pipe, server.port());
        ::_exit(static_cast<int>(::read(parent_may_die[0], &byte, 1)));
    });
    ::close(parent_may_die[0]);
    ::close(parent_may_die[1]);
    CHECK(::waitpid(child, nullptr, 0) == child);
    CHECK(released(port));
    ::close(grandchild_may_end[0]);
    ::close(grandchild_may_end[1]);
}
#endif

TEST_CASE("a forked child that unwinds leaves its parent's server alone") {
    loopback_server server;
    const pid_t child = ::fork();
    if (child == 0) {
        server.~loopback_server();
        ::_exit(0);
    }
    CHECK(::waitpid(child, nullptr, 0) == child);
    CHECK(status_of(server, "/status/200") == 200);
}

TEST_CASE("a program that is run by the check inherits nothing of the server") {
    const auto inheritable = [] {
        std::vector<int> all;
        for (int each = 0; each < 256; ++each) {
            const int flags = ::fcntl(each, F_GETFD);
            if (flags != -1 && (flags & FD_CLOEXEC) == 0) all.push_back(each);
        }
        return all;
    };
    const auto before = inheritable();
    loopback_server server;
    CHECK(inheritable() == before);
}

TEST_CASE("a server that cannot be started is the infrastructure's failure") {
    const auto message = [](const char* program) -> std::string {
        const scoped_environment named("INTERLEAVE_SERVER", program);
        try {
            loopback_server server;
        } catch (const interleave::infrastructure_error& error) {
            return error.what();
        }
        return "it started";
    };
    CHECK_THAT(message("/nonexistent/server"),
               ContainsSubstring("/nonexistent/server") && ContainsSubstring("No such file"));
    CHECK_THAT(message("/bin/true"), ContainsSubstring("did not say which port"));
    CHECK_THAT(message("/bin/pwd"), ContainsSubstring("printed \"/"));
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}
