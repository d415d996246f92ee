#include "runner/blocked.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "runner/tests/run_program.hpp"

using namespace interleave;
using namespace std::chrono_literals;

TEST_CASE("a program in which nobody can wake anybody is proven to be blocked") {
    const std::string mode = GENERATE("abba", "self-lock", "lost-wakeup", "predicate",
                                      "unset-promise", "semaphore", "atomic-wait", "shared-lock");
    CAPTURE(mode);
    const run_result result = run(test_program(mode));
    CHECK(result.ended == ending::blocked);
    REQUIRE_FALSE(result.blocked.empty());
    CHECK(result.blocked.front().main);
    for (const blocked_thread& thread : result.blocked) {
        CHECK(thread.call == "futex");
        CHECK_FALSE(thread.stack.empty());
    }
}

TEST_CASE("threads that wait for each other do not nap") {
    command what = test_program("abba");
    what.asleep_limit = 1;
    CHECK(run(what).ended == ending::blocked);
}

TEST_CASE("the stacks that were asked for are no events of the program") {
    CHECK(run(test_program("abba")).events.empty());
}

TEST_CASE("of two threads in an embrace each waits for the other") {
    const run_result result = run(test_program("abba"));
    REQUIRE(result.blocked.size() == 3);
    CHECK(result.blocked[1].owner == result.blocked[2].id);
    CHECK(result.blocked[2].owner == result.blocked[1].id);
    CHECK(result.blocked[0].joins.has_value());
    CHECK_FALSE(result.blocked[0].owner.has_value());
}

TEST_CASE("a program without the event channel is proven to be blocked too") {
    command what = test_program("abba");
    what.events = false;
    const run_result result = run(what);
    CHECK(result.ended == ending::blocked);
    REQUIRE(result.blocked.size() == 3);
    CHECK(result.blocked[1].stack.empty());
    CHECK(result.blocked[1].owner == result.blocked[2].id);
}

TEST_CASE("a program that only looks stuck is left alone") {
    const std::string mode = GENERATE("timed-wait", "held-while-sleeping", "pipe-from-child",
                                      "wait-for-child", "woken-by-alarm");
    CAPTURE(mode);
    const run_result result = run(test_program(mode));
    CHECK(result.ended == ending::exited);
    CHECK(result.status == 0);
}

TEST_CASE("a sleep with a time limit is never proven to last for ever") {
    command what = test_program("sleeping-too-long");
    what.idle_limit = 500ms;
    CHECK(run(what).ended == ending::idle);
}

TEST_CASE("the helper thread of a sanitizer does not hide that all others stand still") {
    command what = test_program("self-lock-with-helper");
    what.idle_limit = 500ms;
    const run_result result = run(what);
    CHECK(result.ended == ending::idle);
    REQUIRE(result.blocked.size() == 1);
    CHECK(result.blocked[0].owner == result.blocked[0].id);
}

TEST_CASE("a helper thread is none of the program's, awake or asleep") {
    command what = test_program("self-lock-with-busy-helper");
    what.idle_limit = 200ms;
    for (int i = 0; i < 4; ++i) {
        const run_result result = run(what);
        CHECK(result.ended == ending::idle);
        CHECK(result.blocked.size() == 1);
    }
}

TEST_CASE("with a sanitizer's helper thread left out, the others are proven to be blocked") {
    command what = test_program("self-lock-with-helper");
    what.sanitizer_helper = true;
    const run_result result = run(what);
    CHECK(result.ended == ending::blocked);
    REQUIRE(result.blocked.size() == 1);
    CHECK(result.blocked[0].owner == result.blocked[0].id);
}

TEST_CASE("leaving the helper thread out proves nothing of a program that only looks stuck") {
    const std::string mode =
        GENERATE("timed-wait", "held-while-sleeping", "pipe-from-child", "wait-for-child",
                 "woken-by-alarm", "slow-to-begin", "slow-to-begin-beside-helper");
    CAPTURE(mode);
    command what = test_program(mode);
    what.sanitizer_helper = true;
    CHECK(run(what).ended == ending::exited);
}

TEST_CASE("nothing is proven unless it is asked for") {
    command what = test_program("self-lock");
    what.watch_blocked = false;
    what.idle_limit = 500ms;
    CHECK(run(what).ended == ending::idle);
}

TEST_CASE("two hundred correct programs that hand a lock around are never called blocked") {
    int exited = 0;
    for (int i = 0; i < 200; ++i) {
        const run_result result = run(test_program("heavy-locking"));
        if (result.ended == ending::exited && result.status == 0) ++exited;
    }
    CHECK(exited == 200);
}

TEST_CASE("the threads of an endless loop are sampled while they run") {
    command what = test_program("endless");
    what.cpu_limit = 300ms;
    const run_result result = run(what);
    CHECK(result.ended == ending::cpu_limit);
    REQUIRE(result.blocked.size() == 3);
    for (const std::size_t i : {1u, 2u}) {
        CHECK_FALSE(result.blocked[i].stack.empty());
        CHECK_FALSE(result.blocked[i].owner.has_value());
    }
}

TEST_CASE("the proof needs two looks with nothing in between") {
    // A process that is not stuck: this one, whose main thread looks.
    blocked_watch self(getpid());
    CHECK(self.look() == blocked_watch::finding::awake);
    CHECK(self.look() == blocked_watch::finding::awake);
}
