#include <catch2/catch_test_macros.hpp>

#include "fixture_logs.hpp"
#include "frame_parser.hpp"

namespace interleave {
namespace {

source_frame frame_of(std::string_view line) {
    const auto frame = sanitizer::parse_frame(line);
    REQUIRE(frame);
    return *frame;
}

TEST_CASE("a frame of clang has a column, one of gcc has none") {
    const source_frame clang =
        frame_of("    #0 visit() /course/a.cpp:5:21 (program+0xd43a3) (BuildId: 38766dee)");
    CHECK(clang == source_frame{"visit()", "/course/a.cpp", 5, 21, "program", 0xd43a3});
    const source_frame gcc = frame_of("    #1 operator() /course/check.cpp:12 (program+0x1770)");
    CHECK(gcc == source_frame{"operator()", "/course/check.cpp", 12, 0, "program", 0x1770});
}

TEST_CASE("a frame without debug information keeps its module") {
    const source_frame thread = frame_of("    #7 <null> <null> (libstdc++.so.6+0xd44a2)");
    CHECK(thread == source_frame{"", "", 0, 0, "libstdc++.so.6", 0xd44a2});
    const source_frame address =
        frame_of("    #7 0x7ffff7cd44a2  (/lib/libstdc++.so.6+0xd44a2) (BuildId: 289e)");
    CHECK(address == source_frame{"", "", 0, 0, "/lib/libstdc++.so.6", 0x7ffff7cd44a2});
    const source_frame named = frame_of("    #0 0x55 in operator delete(void*) (/program+0xe0)");
    CHECK(named == source_frame{"operator delete(void*)", "", 0, 0, "/program", 0x55});
}

TEST_CASE("a path may contain spaces and dots, a function parentheses and slashes") {
    CHECK(frame_of("#0 f(int, char) const /my course/a/../b.hpp:3:4 (p+0x1)") ==
          source_frame{"f(int, char) const", "/my course/b.hpp", 3, 4, "p", 1});
    CHECK(frame_of("#0 run(lambda at /x/a.cpp:2:3) /x/a.cpp:9:1 (p+0x1)").function ==
          "run(lambda at /x/a.cpp:2:3)");
    CHECK(frame_of("#0 pthread_create ../../src/tsan.cpp:1001 (libtsan.so.2+0x5)").file ==
          "../../src/tsan.cpp");
}

TEST_CASE("both compilers' reports of one race say the same") {
    for (const std::string compiler : {"clang", "gcc"}) {
        const sanitizer_report report = fixture_report("one_locks." + compiler);
        CHECK(report.kind == report_kind::data_race);
        CHECK(report.sanitizer == "ThreadSanitizer");
        CHECK(report.title == "data race");
        CHECK(report.complete);
        CHECK_FALSE(report.shortened);
        REQUIRE(report.accesses.size() == 2);
        const access& later = report.accesses[0];
        const access& previous = report.accesses[1];
        CHECK_FALSE(later.previous);
        CHECK(previous.previous);
        CHECK(later.size == 8);
        CHECK(later.address == previous.address);
        CHECK(later.thread == "T2");
        CHECK(previous.thread == "T1");
        CHECK(later.mutexes.empty());
        REQUIRE(previous.mutexes.size() == 1);
        REQUIRE(report.mutexes.size() == 1);
        CHECK(report.mutexes[0].id == previous.mutexes[0].id);
        CHECK(report.mutexes[0].stack.size() > 4);
        REQUIRE(report.locations.size() == 1);
        CHECK(report.locations[0].where == memory_location::place::stack);
        CHECK(report.locations[0].thread == "main");
        REQUIRE(report.threads.size() == 2);
        CHECK(report.threads[0].created_by == "main");
        CHECK(report.threads[0].tid == 4712);
        CHECK(report.threads[0].stack.back().function == "main");
        CHECK(previous.stack.front().function == "account::deposit(long)");
        CHECK(previous.stack.front().column == (compiler == "clang" ? 18 : 0));
    }
}

TEST_CASE("globals and heap blocks are told with their sizes") {
    for (const std::string compiler : {"clang", "gcc"}) {
        const sanitizer_report global = fixture_report("global." + compiler);
        REQUIRE(global.locations.size() == 1);
        CHECK(global.locations[0].name == "hits");
        CHECK(global.locations[0].size == 4);
        CHECK(global.locations[0].address == global.accesses[0].address);
        const sanitizer_report heap = fixture_report("heap." + compiler);
        REQUIRE(heap.locations.size() == 1);
        CHECK(heap.locations[0].where == memory_location::place::heap);
        CHECK(heap.locations[0].size == 8);
        CHECK(heap.locations[0].stack.size() == 3);
    }
}

TEST_CASE("every program is reported as the mistake it makes") {
    const std::pair<std::string, report_kind> expected[] = {
        {"counter", report_kind::data_race},
        {"atomic_vs_plain", report_kind::data_race},
        {"sleep", report_kind::data_race},
        {"lock_order", report_kind::lock_order},
        {"mutex_double", report_kind::double_lock},
        {"mutex_unlock", report_kind::unlock_of_unlocked},
        {"mutex_destroy", report_kind::mutex_misuse},
        {"mutex_leak", report_kind::thread_leak},
        {"null_pointer", report_kind::deadly_signal},
        {"asan_null_pointer", report_kind::deadly_signal},
        {"asan_free", report_kind::use_after_free},
        {"asan_overflow", report_kind::heap_buffer_overflow},
        {"asan_double_free", report_kind::double_free},
        {"asan_return", report_kind::stack_use_after_return},
        {"asan_scope", report_kind::stack_use_after_scope},
        {"asan_leak", report_kind::leak},
    };
    for (const auto& [name, kind] : expected) {
        for (const std::string compiler : {".clang", ".gcc"}) {
            const sanitizer_report report = fixture_report(name + compiler);
            INFO(name << compiler << ": " << kind_name(report.kind));
            CHECK(report.kind == kind);
            CHECK(report.complete);
        }
    }
}

TEST_CASE("a correct program has no report") {
    CHECK(parse_sanitizer_log(fixture_log("correct.clang")).empty());
    CHECK(parse_sanitizer_log(fixture_log("correct.gcc")).empty());
}

TEST_CASE("an atomic access, a sleep and a cycle of locks are kept") {
    const sanitizer_report mixed = fixture_report("atomic_vs_plain.gcc");
    CHECK(mixed.accesses[0].atomic != mixed.accesses[1].atomic);
    const sanitizer_report sleep = fixture_report("sleep.clang");
    CHECK(sleep.synchronized_by_sleep);
    CHECK(sleep.sleep_stack.back().function == "main");
    const sanitizer_report cycle = fixture_report("lock_order.gcc");
    REQUIRE(cycle.lock_cycle.size() == 2);
    CHECK(cycle.lock_cycle[0].mutex == cycle.lock_cycle[1].held);
    CHECK(cycle.lock_cycle[0].thread == "T1");
}

TEST_CASE("leaks, freed blocks and dead variables are kept with sizes and stacks") {
    const sanitizer_report leak = fixture_report("asan_leak.clang");
    std::uint64_t total = 0;
    for (const labelled_stack& each : leak.stacks) total += each.size;
    CHECK(total == 40);
    const sanitizer_report freed = fixture_report("asan_free.gcc");
    REQUIRE(freed.accesses.size() == 1);
    CHECK(freed.accesses[0].thread == "main");
    REQUIRE(freed.locations.size() == 1);
    CHECK(freed.locations[0].size == 16);
    CHECK(freed.locations[0].relation == "4 bytes inside of 16-byte region");
    const sanitizer_report dead = fixture_report("asan_return.gcc");
    REQUIRE(dead.locations.size() == 1);
    CHECK(dead.locations[0].name == "count");
    CHECK(dead.locations[0].stack.size() == 1);
}

TEST_CASE("a stack that could not be restored is said to be lost") {
    const auto reports = parse_sanitizer_log(R"(==================
WARNING: ThreadSanitizer: data race (pid=1)
  Write of size 4 at 0x7b0400000800 by thread T1 (mutexes: write M9, read M10):
    #0 f() /course/a.cpp:3 (program+0x1)

  Previous write of size 4 at 0x7b0400000800 by main thread:
    [failed to restore the stack]

  Mutex M9 is already destroyed.

  Thread T1 'worker' (tid=12, running) created by thread T3 at:
    #0 main /course/a.cpp:9 (program+0x2)

SUMMARY: ThreadSanitizer: data race /course/a.cpp:3 in f()
)");
    REQUIRE(reports.size() == 1);
    const sanitizer_report& report = reports[0];
    CHECK(report.accesses[1].stack_lost);
    CHECK(report.accesses[1].thread == "main");
    REQUIRE(report.accesses[0].mutexes.size() == 2);
    CHECK_FALSE(report.accesses[0].mutexes[0].shared);
    CHECK(report.accesses[0].mutexes[1].shared);
    CHECK(report.mutexes[0].destroyed);
    CHECK(report.threads[0].name == "worker");
    CHECK(report.threads[0].created_by == "T3");
    CHECK(report.threads[0].state == "running");
}

TEST_CASE("a fork with threads is a report of its own") {
    const auto reports = parse_sanitizer_log(
        "==7==ThreadSanitizer: starting new threads after multi-threaded fork is not supported. "
        "Dying (set die_after_fork=0 to override)\n");
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == report_kind::threads_after_fork);
}

TEST_CASE("what the runtime cannot do on this machine is not the answer's failure") {
    CHECK(
        is_environment_failure("FATAL: ThreadSanitizer: unexpected memory mapping "
                               "0x5c1d2e3f4000-0x5c1d2e3f5000\n"));
    CHECK(
        is_environment_failure("==12==ERROR: AddressSanitizer failed to allocate 0x1000 (4096) "
                               "bytes of FakeStack (error code: 12)\n"));
    CHECK(
        is_environment_failure("./check: error while loading shared libraries: libtsan.so.2: "
                               "cannot open shared object file: No such file or directory\n"));
    CHECK(is_environment_failure(
        "==3==AddressSanitizer: ReserveShadowMemoryRange failed while "
        "trying to map 0xdfff0001000 bytes. Perhaps you're using ulimit -v\n"));
    CHECK(
        is_environment_failure("ThreadSanitizer: CHECK failed: tsan_platform_linux.cpp:282 "
                               "\"((personality())) != (0)\"\n"));
    CHECK(is_environment_failure("==9==LeakSanitizer has encountered a fatal error.\n"));
}

TEST_CASE("no report of a mistake counts as a failure of the machine") {
    for (const std::string& name : fixture_names()) {
        INFO(name);
        CHECK_FALSE(is_environment_failure(fixture_log(name)));
    }
    CHECK_FALSE(is_environment_failure(
        "==1==AddressSanitizer: CHECK failed: sanitizer_allocator_secondary.h:177 (0x0, 0x1)\n"));
    CHECK_FALSE(
        is_environment_failure("==1==AddressSanitizer: failed to intercept '__isoc99_printf'\n"));
    CHECK_FALSE(is_environment_failure(""));
    CHECK_FALSE(is_environment_failure("all tests passed\n"));
    CHECK_FALSE(is_environment_failure("./check: error while loading shared libraries: libz.so\n"));
}

}  // namespace
}  // namespace interleave
