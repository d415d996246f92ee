#include "runner/hang.hpp"

#include <signal.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <sstream>

#include "runner/tests/run_program.hpp"

using namespace interleave;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::filesystem::path tests = TEST_FOLDER;

hang_report hang_of(const command& what) {
    const run_result result = run(what);
    REQUIRE(result.ended != ending::exited);
    return describe_hang(result, TEST_PROGRAM, tests / "answer.hpp", tests);
}

crash_report crash_of(const std::string& mode) {
    const run_result result = run(test_program(mode));
    REQUIRE(result.ended == ending::signalled);
    return describe_crash(result, TEST_PROGRAM, tests / "answer.hpp", tests);
}

bool stands_in_answer(const std::optional<place>& where) {
    return where && where->file.filename() == "answer.hpp" && where->line > 0;
}

void check_size(const std::string& text) {
    std::istringstream in(text);
    int lines = 0;
    for (std::string line; std::getline(in, line); ++lines) CHECK(line.size() <= 100);
    CHECK(lines <= 20);
}

}  // namespace

TEST_CASE("an embrace of two threads is a deadlock, told with both lines and the cycle") {
    const hang_report report = hang_of(test_program("abba"));
    CHECK(report.why == kind::deadlock);
    CHECK_THAT(report.summary, ContainsSubstring("each holds the mutex that the other wants"));
    REQUIRE(stands_in_answer(report.where));
    CHECK(report.where->text == "std::lock_guard second(to.mutex);");
    CHECK_THAT(report.text, ContainsSubstring("Thread 1 waits for a mutex that thread 2 holds"));
    CHECK_THAT(report.text, ContainsSubstring("Thread 2 waits for a mutex that thread 1 holds"));
    CHECK_THAT(report.text,
               ContainsSubstring("Thread 1 waits for thread 2, which waits for thread 1"));
    CHECK_THAT(report.text, ContainsSubstring("program.cpp") && ContainsSubstring("in the check"));
    check_size(report.text);
}

TEST_CASE("a thread that locks its own mutex again is a deadlock") {
    const hang_report report = hang_of(test_program("self-lock"));
    CHECK(report.why == kind::deadlock);
    CHECK(report.summary == "The main thread locks a mutex that it holds already.");
    REQUIRE(stands_in_answer(report.where));
    CHECK(report.where->text == "std::unique_lock inner(mutex);");
}

TEST_CASE("a wait that nobody ends is a hang, and the wait is named") {
    for (const std::string mode : {"lost-wakeup", "predicate"}) {
        CAPTURE(mode);
        const hang_report report = hang_of(test_program(mode));
        CHECK(report.why == kind::hang);
        CHECK(report.summary ==
              "Thread 1 waits on a condition variable, and no thread is left to notify it.");
        REQUIRE(stands_in_answer(report.where));
        CHECK_THAT(report.text, ContainsSubstring("The main thread waits for thread 1 to end"));
        check_size(report.text);
    }
    CHECK_THAT(hang_of(test_program("unset-promise")).summary,
               ContainsSubstring("waits for a future"));
    CHECK_THAT(hang_of(test_program("semaphore")).summary,
               ContainsSubstring("no thread is left to release it"));
    CHECK_THAT(hang_of(test_program("atomic-wait")).summary,
               ContainsSubstring("waits for an atomic"));
    CHECK_THAT(hang_of(test_program("shared-lock")).text,
               ContainsSubstring("waits for a shared mutex"));
}

TEST_CASE("an endless loop is told with the lines it runs in") {
    command what = test_program("endless");
    what.cpu_limit = 300ms;
    const hang_report report = hang_of(what);
    CHECK(report.why == kind::hang);
    CHECK_THAT(report.summary, ContainsSubstring("without coming to an end"));
    REQUIRE(stands_in_answer(report.where));
    CHECK_THAT(report.where->text, ContainsSubstring("while"));
}

TEST_CASE("a sleep without end is told as a sleep") {
    command what = test_program("sleeping-too-long");
    what.idle_limit = 300ms;
    const hang_report report = hang_of(what);
    CHECK(report.why == kind::hang);
    CHECK_THAT(report.text, ContainsSubstring("Thread 1 sleeps"));
}

TEST_CASE("naps without end are told as such") {
    command what = test_program("sleeping-too-long");
    what.asleep_limit = 3;
    const hang_report report = hang_of(what);
    CHECK(report.why == kind::hang);
    CHECK_THAT(report.summary, ContainsSubstring("never comes"));
    CHECK_THAT(report.text, ContainsSubstring("Thread 1 sleeps"));
}

TEST_CASE("where nothing is known, that is said") {
    const hang_report report =
        describe_hang({.ended = ending::idle}, "/no/program", "/no/a.hpp", "/no");
    CHECK(report.why == kind::hang);
    CHECK_FALSE(report.where);
    CHECK_FALSE(report.text.empty());
}

TEST_CASE("a crash is told with the line of the answer, in every thread") {
    for (const std::string mode : {"crash", "crash-in-thread"}) {
        CAPTURE(mode);
        const crash_report report = crash_of(mode);
        CHECK(report.why == kind::crash);
        CHECK_THAT(report.summary, ContainsSubstring("Segmentation fault at answer.hpp:"));
        REQUIRE(stands_in_answer(report.where));
        CHECK(report.where->text == "return *pointer + 1;");
        check_size(report.text);
    }
}

TEST_CASE("an exception that nobody catches is told with its type, its text and its throw") {
    const crash_report report = crash_of("uncaught");
    CHECK(report.why == kind::uncaught_exception);
    CHECK_THAT(report.summary, ContainsSubstring("std::runtime_error"));
    CHECK_THAT(report.text, ContainsSubstring("the queue is closed"));
    REQUIRE(stands_in_answer(report.where));
    CHECK_THAT(report.where->text, ContainsSubstring("throw"));
}

TEST_CASE("of threads that come to grief at the same time the first one speaks") {
    for (int i = 0; i < 50; ++i) {
        const crash_report crash = crash_of("crash-in-four-threads");
        CHECK_THAT(crash.summary, ContainsSubstring("Segmentation fault at answer.hpp:"));
        const crash_report thrown = crash_of("uncaught-in-four-threads");
        CHECK(thrown.why == kind::uncaught_exception);
        CHECK_THAT(thrown.summary, ContainsSubstring("of type std::runtime_error left"));
    }
}

TEST_CASE("a thread that is destroyed unjoined is told as that") {
    const crash_report report = crash_of("unjoined");
    CHECK(report.why == kind::unjoined_thread);
    REQUIRE(stands_in_answer(report.where));
}

TEST_CASE("a crash without a stack, and with hostile words, is still told") {
    run_result result{.ended = ending::signalled, .status = SIGABRT};
    result.err = "terminate called after throwing an instance of 'evil'\n  what():  \x1b[2Jx\x07\n";
    result.events = "{\"event\":\"stack\",\"signal\":6,\"pcs\":7}\n{\"event\":\"stack\",\n";
    const crash_report report = describe_crash(result, "/no/program", "/no/a.hpp", "/no");
    CHECK(report.why == kind::uncaught_exception);
    CHECK_FALSE(report.where);
    CHECK(report.text.find('\x1b') == std::string::npos);
    CHECK(report.text.find('\x07') == std::string::npos);
}
