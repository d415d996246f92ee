// Rest is seen where there is some, and nowhere else. The naps are what is looked at.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <ctime>
#include <thread>

#include "support/at_rest.hpp"
#include "support/census.hpp"
#include "support/patience.hpp"
#include "support/shared.hpp"
#include "support/threads_since.hpp"

namespace {

using namespace std::chrono_literals;

TEST_CASE("threads that wait or have ended are at rest") {
    const interleave::threads_since others;
    CHECK(others.wait_until_at_rest());
    std::atomic<bool> over = false;
    std::jthread waits([&over] { over.wait(false); });
    std::jthread([] {}).join();
    CHECK(others.wait_until_at_rest());
    over = true;
    over.notify_all();
}

TEST_CASE("a thread that spins, or sleeps and looks again, is not at rest") {
    const interleave::threads_since others;
    std::atomic<bool> over = false;
    SECTION("spins") {
        std::jthread spins([&over] {
            while (!over) {
            }
        });
        CHECK_FALSE(others.wait_until_at_rest(interleave::patience(50ms)));
        over = true;
    }
    SECTION("looks again") {
        std::jthread looks([&over] {
            while (!over) std::this_thread::sleep_for(100us);
        });
        CHECK_FALSE(others.wait_until_at_rest(interleave::patience(1s, 50)));
        over = true;
    }
}

TEST_CASE("threads that were there before are not looked at") {
    std::atomic<bool> over = false;
    std::jthread spins([&over] {
        while (!over) {
        }
    });
    const interleave::threads_since others;
    CHECK(others.wait_until_at_rest(interleave::patience(50ms)));
    over = true;
}

TEST_CASE("a thread that cannot be looked at may be awake") {
    interleave::census seen;
    seen.look_at("/proc/self/task/none", 1);
    CHECK_FALSE(seen.asleep);
    CHECK_FALSE(seen.rests_since(seen));
}

/// A process that runs `body` until it is destroyed.
class child_process {
  public:
    explicit child_process(void (*body)()) : id_(::fork()) {
        if (id_ != 0) return;
        body();
        ::_exit(0);
    }
    ~child_process() {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }

  private:
    const pid_t id_;
};

TEST_CASE("what other processes still do is waited for") {
    static interleave::shared<std::atomic<int>> steps;
    *steps = 0;
    const child_process works([] {
        // Ten times as long as rest has to last, and within the patience.
        while (std::clock() < CLOCKS_PER_SEC * 3 / 10) {
        }
        *steps = 1;
        ::pause();
    });
    interleave::at_rest::wait();
    CHECK(*steps == 1);
}

TEST_CASE("processes that come and go do not disturb who looks at them") {
    const child_process comes_and_goes([] {
        for (int i = 0; i < 2'000; ++i) {
            if (::fork() == 0) ::_exit(0);
            ::waitpid(-1, nullptr, 0);
        }
        ::pause();
    });
    CHECK_NOTHROW(interleave::at_rest::wait_for([] { return false; }));
}

TEST_CASE("the wait for others ends as soon as they have done enough") {
    const child_process spins([] {
        for (;;) {
        }
    });
    int looks = 0;
    interleave::at_rest::wait_for([&looks] { return ++looks == 3; });
    CHECK(looks == 3);
}

TEST_CASE("the wait for others ends though one of them never rests") {
    const child_process spins([] {
        for (;;) {
        }
    });
    interleave::at_rest::wait();
    const child_process looks_again([] {
        for (;;) ::usleep(100);
    });
    interleave::at_rest::wait();
}

}  // namespace
