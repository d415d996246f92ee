// What waits in the checks gives up when nothing can come any more, and never because of a clock
// alone: a program that is stopped uses up nothing.

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "support/patience.hpp"
#include "support/process_gate.hpp"
#include "support/rendezvous.hpp"
#include "support/shared.hpp"
#include "support/thread_state.hpp"
#include "support/threads.hpp"
#include "support/waiting_call.hpp"
#include "support/waiting_room.hpp"

namespace {

using interleave::patience;
using namespace std::chrono_literals;

/// Runs `body` in a child process, which is stopped for `pause` as soon as `ready` is set, and
/// returns its exit status.
int status_of_stopped(std::chrono::milliseconds pause, std::atomic<bool>& ready,
                      const std::function<bool()>& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body() ? 0 : 1);
    while (!ready) std::this_thread::sleep_for(1ms);
    ::kill(child, SIGSTOP);
    std::this_thread::sleep_for(pause);
    ::kill(child, SIGCONT);
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

TEST_CASE("threads that wait for a processor use up no patience") {
    patience left(1s, 3);
    for (int look = 0; look < 100'000; ++look) REQUIRE(left.lasts(false, 5s));
}

TEST_CASE("threads that neither run nor sleep however often one looks are given up") {
    patience left(1s, 3);
    int looks = 0;
    while (looks < 1'000'000 && left.lasts(false, 5s)) ++looks;
    CHECK(looks < 1'000'000);
    patience runs_now_and_then(1s, 3);
    for (int look = 0; look < 500'000; ++look) {
        REQUIRE(runs_now_and_then.lasts(false, 1us * (look / 100'000)));
    }
    patience sleeps_now_and_then(1s, 10);
    for (int look = 0; look < 500'000; ++look) {
        REQUIRE(sleeps_now_and_then.lasts(look % 100'000 == 0, 5s));
    }
}

TEST_CASE("threads that spin or only sleep use it up") {
    patience with_spinners(1s, 3);
    CHECK(with_spinners.lasts(false, 5s));
    CHECK(with_spinners.lasts(false, 5900ms));
    CHECK_FALSE(with_spinners.lasts(false, 6s));
    patience with_sleepers(1s, 3);
    CHECK(with_sleepers.lasts(true, 0s));
    CHECK(with_sleepers.lasts(true, 0s));
    CHECK_FALSE(with_sleepers.lasts(true, 0s));
}

TEST_CASE("the end of a thread gives no patience back") {
    patience left(1s, 3);
    CHECK(left.lasts(false, 900ms));
    CHECK(left.lasts(false, 100ms));
    CHECK(left.lasts(false, 1000ms));
    CHECK_FALSE(left.lasts(false, 1100ms));
}

TEST_CASE("a thread that waits falls asleep, and one that gives way or naps does not") {
    std::atomic<bool> over = false;
    interleave::waiting_call waits([&over] { over.wait(false); });
    interleave::waiting_call gives_way([&over] {
        while (!over) std::this_thread::yield();
    });
    interleave::waiting_call naps([&over] {
        while (!over) std::this_thread::sleep_for(1ms);
    });
    const bool waits_asleep = waits.falls_asleep();
    const bool gives_way_asleep = gives_way.falls_asleep();
    const bool naps_asleep = naps.falls_asleep();
    over = true;
    over.notify_all();
    CHECK(waits_asleep);
    CHECK_FALSE(gives_way_asleep);
    CHECK_FALSE(naps_asleep);
}

/// Sleeps until the descriptor can be read, or for so many milliseconds; -1: for ever.
using descriptor_wait = void (*)(int descriptor, int milliseconds);

void wait_in_poll(int descriptor, int milliseconds) {
    pollfd asked{.fd = descriptor, .events = POLLIN, .revents = 0};
    poll(&asked, 1, milliseconds);
}
void wait_in_ppoll(int descriptor, int milliseconds) {
    pollfd asked{.fd = descriptor, .events = POLLIN, .revents = 0};
    const timespec limit{.tv_sec = 0, .tv_nsec = milliseconds * 1'000'000L};
    ppoll(&asked, 1, milliseconds < 0 ? nullptr : &limit, nullptr);
}
void wait_in_select(int descriptor, int milliseconds) {
    fd_set asked;
    FD_ZERO(&asked);
    FD_SET(descriptor, &asked);
    timeval limit{.tv_sec = 0, .tv_usec = milliseconds * 1'000L};
    select(descriptor + 1, &asked, nullptr, nullptr, milliseconds < 0 ? nullptr : &limit);
}
void wait_in_epoll(int descriptor, int milliseconds) {
    const int set = epoll_create1(EPOLL_CLOEXEC);
    epoll_event asked{.events = EPOLLIN, .data = {}};
    epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &asked);
    epoll_wait(set, &asked, 1, milliseconds);
    close(set);
}
void wait_in_read(int descriptor, int milliseconds) {
    char byte = 0;
    if (milliseconds < 0) static_cast<void>(!read(descriptor, &byte, 1));
    if (milliseconds > 0) std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

TEST_CASE("a thread that waits for a descriptor falls asleep, unless it looks again by itself") {
    const descriptor_wait wait =
        GENERATE(wait_in_poll, wait_in_ppoll, wait_in_select, wait_in_epoll, wait_in_read);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::atomic<bool> over = false;
    interleave::waiting_call for_good([&] { wait(ends[0], -1); });
    const bool for_good_asleep = for_good.falls_asleep();
    interleave::waiting_call looks_again([&] {
        while (!over) wait(ends[0], 1);
    });
    const bool looks_again_asleep = looks_again.falls_asleep();
    over = true;
    looks_again.join();
    REQUIRE(write(ends[1], "x", 1) == 1);
    for_good.join();
    close(ends[0]);
    close(ends[1]);
    CHECK(for_good_asleep);
    CHECK_FALSE(looks_again_asleep);
}

TEST_CASE("a rendezvous that one thread cannot complete is given up") {
    interleave::rendezvous meeting(2);
    std::jthread([&meeting] { meeting.visit(); }).join();
    CHECK_FALSE(meeting.met());
    CHECK(meeting.most() == 1);
}

TEST_CASE("a rendezvous waits for a thread that is long on its way") {
    interleave::rendezvous meeting(2);
    std::jthread first([&meeting] { meeting.visit(); });
    volatile long steps = 0;
    while (steps < 100'000'000) steps = steps + 1;
    meeting.visit();
    CHECK(meeting.met());
}

TEST_CASE("who waits in vain is told so, though the one who looked has gone") {
    std::mutex mutex;
    interleave::waiting_room room;
    bool came = false;
    bool first = false;
    bool second = true;
    const auto entered = [&](std::size_t waiting) {
        for (std::unique_lock lock(mutex); room.waiting() < waiting; lock.lock()) {
            lock.unlock();
            std::this_thread::yield();
        }
    };
    std::jthread one([&] {
        std::unique_lock lock(mutex);
        first = room.wait(lock, [&came] { return came; });
    });
    entered(1);
    std::jthread another([&] {
        std::unique_lock lock(mutex);
        second = room.wait(lock, [] { return false; });
    });
    entered(2);
    {
        std::lock_guard lock(mutex);
        came = true;  // which the one who looks sees by itself
    }
    one.join();
    another.join();
    CHECK(first);
    CHECK_FALSE(second);
}

TEST_CASE("a rendezvous of many is met, however they crowd at the door") {
    for (int i = 0; i < 10; ++i) {
        constexpr int many = 200;
        interleave::rendezvous meeting(many);
        std::vector<std::jthread> threads;
        for (int k = 0; k < many; ++k) threads.emplace_back([&meeting] { meeting.visit(); });
        threads.clear();
        const int most = meeting.most();
        CHECK(most == many);
    }
}

TEST_CASE("a rendezvous is met though the program was stopped for longer than any look") {
    interleave::shared<std::atomic<bool>> ready;
    const int status = status_of_stopped(6s, *ready, [&ready] {
        interleave::rendezvous meeting(2);
        std::jthread first([&meeting] { meeting.visit(); });
        ready->store(true);
        volatile long steps = 0;
        while (steps < 300'000'000) steps = steps + 1;
        meeting.visit();
        return meeting.met();
    });
    CHECK(status == 0);
}

TEST_CASE("a gate holds though the program was stopped for longer than it is held") {
    interleave::shared<std::atomic<bool>> ready;
    const int status = status_of_stopped(6s, *ready, [&ready] {
        interleave::process_gate gate;
        std::jthread held([&gate] { gate.visit(); });
        while (gate.arrived() == 0) std::this_thread::yield();
        ready->store(true);
        volatile long steps = 0;
        while (steps < 300'000'000) steps = steps + 1;
        gate.open();
        held.join();
        return !gate.given_up();
    });
    CHECK(status == 0);
}

TEST_CASE("a gate is not given up while somebody goes on, for however long") {
    interleave::process_gate gate;
    std::jthread held([&gate] { gate.visit(); });
    const auto end = std::chrono::steady_clock::now() + 7s;
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
    gate.open();
    held.join();
    CHECK_FALSE(gate.given_up());
}

TEST_CASE("a gate that nobody opens is given up, and then lets all through") {
    interleave::process_gate gate;
    gate.visit();
    CHECK(gate.given_up());
    gate.visit();
    CHECK(gate.arrived() == 2);
}

TEST_CASE("a gate is opened by the call that it is to be opened by") {
    interleave::process_gate gate(2);
    std::jthread first([&gate] { gate.visit(); });
    gate.visit();
    first.join();
    CHECK_FALSE(gate.given_up());
}

/// Whether a thread that runs `body` is seen to take a nap; `wake` lets it come to its end.
bool naps(const std::function<void()>& body, const std::function<void()>& wake) {
    std::atomic<long> id = 0;
    std::jthread sleeper([&] {
        id = interleave::thread_id();
        body();
    });
    bool seen = false;
    for (int look = 0; look < 200 && !seen; ++look) {
        std::this_thread::sleep_for(1ms);
        if (id != 0) seen = interleave::takes_a_nap(id).value();
    }
    wake();
    return seen;
}

TEST_CASE("a nap is a sleep that only time ends") {
    std::atomic<bool> over = false;
    const auto end = [&] { over = true; };
    CHECK(naps(
        [&] {
            while (!over) std::this_thread::sleep_for(20ms);
        },
        end));
    over = false;
    CHECK(naps(
        [&] {
            while (!over) ::poll(nullptr, 0, 20);
        },
        end));

    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const auto write = [&] { REQUIRE(::write(pipe[1], "x", 1) == 1); };
    pollfd input{pipe[0], POLLIN, 0};
    CHECK_FALSE(naps([&] { ::poll(&input, 1, -1); }, write));
    CHECK_FALSE(naps([&] { ::poll(&input, 1, 60'000); }, write));
    over = false;
    CHECK_FALSE(naps([&] { over.wait(false); },
                     [&] {
                         over = true;
                         over.notify_all();
                     }));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

}  // namespace
