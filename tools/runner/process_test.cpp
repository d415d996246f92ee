#include "runner/process.hpp"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <chrono>
#include <thread>

#include "runner/process_output.hpp"
#include "runner/tests/run_program.hpp"

using namespace interleave;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

command shell(const std::string& script) {
    command what;
    what.arguments = {"sh", "-c", script};
    return what;
}

int open_descriptors() {
    int count = 0;
    DIR* directory = opendir("/proc/self/fd");
    while (readdir(directory) != nullptr) ++count;
    closedir(directory);
    return count;
}

bool has_children() {
    return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

}  // namespace

TEST_CASE("a command's status and both its streams are returned") {
    const run_result result = run(shell("echo out; echo err >&2; exit 7"));
    CHECK(result.ended == ending::exited);
    CHECK(result.status == 7);
    CHECK(result.out == "out\n");
    CHECK(result.err == "err\n");
}

TEST_CASE("the signal that ended a command is returned") {
    const run_result result = run(shell("kill -USR1 $$"));
    CHECK(result.ended == ending::signalled);
    CHECK(result.status == SIGUSR1);
}

TEST_CASE("standard input is empty") {
    const run_result result = run(shell("cat; echo end"));
    CHECK(result.out == "end\n");
}

TEST_CASE("the folder and the environment are the command's") {
    command what = shell("pwd; echo $INTERLEAVE_TEST_ONE; echo $HOME; echo -$INTERLEAVE_EVENTS-");
    what.directory = "/usr";
    what.environment = {{"INTERLEAVE_TEST_ONE", "first = second"}, {"HOME", "/elsewhere"}};
    const run_result result = run(what);
    CHECK(result.out == "/usr\nfirst = second\n/elsewhere\n--\n");
}

TEST_CASE("event lines arrive one by one and together") {
    std::vector<std::string> lines;
    const run_result result =
        run(test_program("events"), {}, [&](std::string_view line) { lines.emplace_back(line); });
    CHECK(result.status == 3);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == R"({"event":"case","name":"one"})");
    CHECK(result.events == lines[0] + "\n" + lines[1] + "\n");
}

TEST_CASE("a command gets no descriptors but its own") {
    const int left_open = dup(0);  // without close-on-exec
    const run_result result = run(test_program("descriptors"));
    close(left_open);
    CHECK(result.out == "0 1 2 3 ");
}

TEST_CASE("an exception of the event handler ends the command and comes through") {
    command what = test_program("events");
    struct odd {};
    CHECK_THROWS_AS(run(what, {}, [](std::string_view) { throw odd(); }), odd);
    CHECK_FALSE(has_children());
}

TEST_CASE("a program that is missing, or may not be run, is an error with its name") {
    command what;
    what.arguments = {"no-such-program"};
    CHECK_THROWS_WITH(run(what), ContainsSubstring("There is no program \"no-such-program\""));
    what.arguments = {"/no/such/program"};
    CHECK_THROWS_WITH(run(what), ContainsSubstring("/no/such/program: No such file"));
    what.arguments = {"/etc/passwd"};
    CHECK_THROWS_AS(run(what), process_error);
    what.arguments = {};
    CHECK_THROWS_AS(run(what), process_error);
    what.arguments = {"true"};
    what.directory = "/no/such/folder";
    CHECK_THROWS_WITH(run(what), ContainsSubstring("/no/such/folder"));
    CHECK_FALSE(has_children());
}

TEST_CASE("what is kept of a stream is its beginning and its end") {
    kept_output kept(10);
    kept.append("0123456789");
    CHECK(kept.text() == "0123456789");
    kept.append("abc");
    CHECK(kept.text() == "01234\n[3 bytes of output are left out here]\n89abc");
    for (int i = 0; i < 100'000; ++i) kept.append("xyz");
    CHECK_THAT(kept.text(), StartsWith("01234\n[300003 bytes of output") && EndsWith("yzxyz"));
    CHECK(kept.size() == 300'013);
}

TEST_CASE("100 MB of output are read to the end when they are allowed") {
    command what = test_program("flood");
    what.output_kill = 200 << 20;
    const run_result result = run(what);
    CHECK(result.ended == ending::exited);
    CHECK_THAT(result.out, StartsWith("the first line\nxxxx"));
    CHECK_THAT(result.out, EndsWith("xxxx\nthe last line\n"));
    CHECK(result.out.size() < what.output_limit + 100);
    CHECK_THAT(result.out, ContainsSubstring("bytes of output are left out here"));
}

TEST_CASE("a flood of output ends the command") {
    const run_result result = run(test_program("flood"));
    CHECK(result.ended == ending::output_limit);
    CHECK_THAT(result.out, StartsWith("the first line\nxxxx"));
}

TEST_CASE("memory beyond the limit ends the command") {
    command what = test_program("memory");
    what.memory_limit = 200 << 20;
    CHECK(run(what).ended == ending::memory_limit);
}

TEST_CASE("the CPU time of the whole tree is limited") {
    command what = test_program("busy-children");
    what.cpu_limit = 300ms;
    const run_result result = run(what);
    CHECK(result.ended == ending::cpu_limit);
    CHECK(result.cpu >= 300ms);
}

TEST_CASE("a command of which every thread sleeps for the idle limit is ended") {
    command what = shell("sleep 100 & sleep 100");
    what.idle_limit = 300ms;
    CHECK(run(what).ended == ending::idle);
}

TEST_CASE("a command that works is not idle, however short the limit") {
    command what = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    what.idle_limit = 100ms;
    CHECK(run(what).ended == ending::exited);
}

TEST_CASE("a command that only naps is ended, but not one that works or tells of something") {
    command what = shell("while true; do sleep 0.01; done");
    what.asleep_limit = 5;
    CHECK(run(what).ended == ending::napping);
    what = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    what.asleep_limit = 5;
    CHECK(run(what).ended == ending::exited);
    what = shell("i=0; while [ $i -lt 30 ]; do sleep 0.05; echo {} >&3; i=$((i+1)); done");
    what.events = true;
    what.asleep_limit = 15;
    CHECK(run(what).ended == ending::exited);
}

TEST_CASE("the wall limit ends a command that now and then does something") {
    command what = shell("while true; do sleep 0.05; done");
    what.wall_limit = 300ms;
    CHECK(run(what).ended == ending::wall_limit);
}

TEST_CASE("what has been decided is given only a little time more") {
    command what = shell("sleep 3");
    what.decided = [] { return true; };
    what.decided_limit = 300ms;
    CHECK(run(what).ended == ending::wall_limit);
    what = shell("sleep 0.6");
    what.decided = [] { return false; };
    what.decided_limit = 10ms;
    CHECK(run(what).ended == ending::exited);
    what.wall_limit = 300ms;
    what.decided = [] { return true; };
    what.decided_limit = 600s;
    CHECK(run(what).ended == ending::wall_limit);
}

TEST_CASE("what the limits measure stands still while this process is stopped") {
    const pid_t supervisor = fork();
    if (supervisor == 0) {
        command what = shell("sleep 4");
        what.wall_limit = what.idle_limit = 2700ms;
        const run_result result = run(what);
        _exit(result.ended == ending::exited ? 0 : 1);
    }
    std::this_thread::sleep_for(200ms);
    kill(supervisor, SIGSTOP);
    std::this_thread::sleep_for(3300ms);
    kill(supervisor, SIGCONT);
    int status = -1;
    waitpid(supervisor, &status, 0);
    CHECK(status == 0);
}

TEST_CASE("a stop that was requested before starts nothing") {
    std::stop_source stop;
    stop.request_stop();
    const run_result result = run(shell("echo started"), stop.get_token());
    CHECK(result.ended == ending::cancelled);
    CHECK(result.out.empty());
}

TEST_CASE("a stop from another thread ends the command before its time") {
    // Between two looks the command would be left alone; the bound only tells "at once" from "at
    // the end of the sleep", so that no busy machine can make this fail.
    std::stop_source stop;
    command what = test_program("events");
    what.arguments = {"sh", "-c", "echo ready >&3; sleep 100"};
    const run_result result = run(what, stop.get_token(), [&](std::string_view) {
        std::thread([&] { stop.request_stop(); }).join();
    });
    CHECK(result.ended == ending::cancelled);
    CHECK(result.wall < 50s);
}

TEST_CASE("descendants that left the process group and lost their parents are gone on return") {
    const run_result result = run(test_program("runaways"));
    REQUIRE(result.ended == ending::exited);
    // They all had the test program's name; what is left of them would show as one of its threads.
    const run_result left = run(shell("ps -eo args | grep -c '[p]rocess_test_program runaways'"));
    CHECK(left.out == "0\n");
    CHECK_FALSE(has_children());
}

TEST_CASE("a command in the background is gone on return, and its open output does not delay it") {
    const run_result result = run(shell("sleep 1000 & echo $!"));
    REQUIRE(result.ended == ending::exited);
    CHECK(kill(std::stoi(result.out), 0) == -1);
}

TEST_CASE("two hundred runs leave no descriptor and no child") {
    const int before = open_descriptors();
    for (int i = 0; i < 200; ++i) REQUIRE(run(shell("exit 0")).ended == ending::exited);
    CHECK(open_descriptors() == before);
    CHECK_FALSE(has_children());
}

TEST_CASE("runs in several threads do not disturb each other") {
    std::vector<std::string> wrong(4);
    std::vector<std::jthread> threads;
    threads.reserve(wrong.size());
    for (int me = 0; me < 4; ++me) {
        threads.emplace_back([me, &wrong] {
            for (int i = 0; i < 25; ++i) {
                const std::string text = std::to_string(me * 1000 + i);
                const run_result result = run(shell("sleep 50 & echo " + text));
                if (result.ended != ending::exited || result.out != text + "\n") {
                    wrong[static_cast<std::size_t>(me)] += text + " ";
                }
            }
        });
    }
    threads.clear();
    for (const std::string& each : wrong) CHECK(each.empty());
    CHECK_FALSE(has_children());
}

TEST_CASE("a command can be kept on one processor") {
    command what = shell("grep -c ^processor /proc/cpuinfo; nproc");
    what.one_processor = true;
    CHECK(run(what).out.ends_with("\n1\n"));
}

TEST_CASE("address-space randomisation can be turned off") {
    command what = shell("grep stack /proc/self/maps");
    what.address_space_randomised = false;
    CHECK(run(what).out == run(what).out);
}
