#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "fixture_logs.hpp"

namespace interleave {
namespace {

constexpr std::string_view rule =
    "Two threads, the same memory, at least one writes, and nothing orders the two: that is a data "
    "race,\nand what the program then does is undefined.\n";

TEST_CASE("a counter's race is told in the learner's own lines") {
    CHECK(fixture_digest("counter.gcc", "lessons/01-lost-update/counter.hpp") ==
          R"(Data race on `value_`, 8 bytes on the stack of the main thread.

  Thread T1 writes it at lessons/01-lost-update/counter.hpp:6, in counter::increment()
      void increment() { ++value_; }
      holding no lock; started at checks/01-lost-update/check.cpp:10
  Thread T2 reads it at lessons/01-lost-update/counter.hpp:6, in counter::increment()
      void increment() { ++value_; }
      holding no lock; started at checks/01-lost-update/check.cpp:13

Neither holds a lock.
)" + std::string(rule));
}

TEST_CASE("a lock that only one thread takes is named") {
    const std::string expected =
        R"(Data race on `balance_`, 8 bytes on the stack of the main thread.

  Thread T1 writes it at programs/one_locks.cpp:8, in account::deposit()
      balance_ += amount;
      holding `balance_mutex_`; started at programs/one_locks.cpp:20
  Thread T2 reads it at programs/one_locks.cpp:10, in account::balance()
      long balance() const { return balance_; }
      holding no lock; started at programs/one_locks.cpp:21

Only one of them holds a lock, and a lock keeps out only those who take it.
)" + std::string(rule);
    CHECK(fixture_digest("one_locks.clang", "programs/one_locks.cpp") == expected);
    CHECK(fixture_digest("one_locks.gcc", "programs/one_locks.cpp") == expected);
}

TEST_CASE("different locks are both named") {
    const std::string text =
        fixture_digest("different_locks.clang", "programs/different_locks.cpp");
    CHECK(text.find("holding `in_`") != std::string::npos);
    CHECK(text.find("holding `out_`") != std::string::npos);
    CHECK(text.find("They hold no common lock: different mutexes") != std::string::npos);
}

TEST_CASE("a sleep is said to be no synchronization") {
    CHECK(fixture_digest("sleep.clang", "programs/sleep.cpp") ==
          R"(Data race on the global variable `answer` (4 bytes).

  Thread T1 writes it at programs/sleep.cpp:7, in compute()
      answer = 42;
      holding no lock; started at programs/sleep.cpp:11
  The main thread reads it at programs/sleep.cpp:13, in main()
      const int result = answer;
      holding no lock

Neither holds a lock.
Only a sleep (programs/sleep.cpp:12) lies between the two. A sleep is not synchronization: it makes
the other order rare, not impossible.
)" + std::string(rule));
}

TEST_CASE("the variable is named for both compilers") {
    struct {
        std::string name, clang, gcc;
    } const expected[] = {
        {"counter", "`value_`", "`value_`"},
        {"global", "`hits`", "`hits`"},
        {"heap", "`task->done`", "`done`"},
        {"vector_element", "`points_[player]`", "`points_`"},
        {"vector_grows", "`results`", "`results`"},
        {"map", "`pages_`", "`pages_`"},
        {"one_locks", "`balance_`", "`balance_`"},
        {"different_locks", "`items_`", "`items_`"},
        {"sleep", "`answer`", "`answer`"},
        {"lambda_capture", "`total`", "`total`"},
        {"main_thread", "`settings.retries`", "`retries`"},
    };
    for (const auto& each : expected) {
        const std::string file = each.name == "counter" ? "lessons/01-lost-update/counter.hpp"
                                                        : "programs/" + each.name + ".cpp";
        const std::string clang = fixture_digest(each.name + ".clang", file);
        const std::string gcc = fixture_digest(each.name + ".gcc", file);
        INFO(each.name << "\n" << clang << gcc);
        CHECK(clang.substr(0, clang.find('\n')).find(each.clang) != std::string::npos);
        CHECK(gcc.substr(0, gcc.find('\n')).find(each.gcc) != std::string::npos);
    }
}

TEST_CASE("every digest is short") {
    for (const std::string& name : fixture_names()) {
        const std::string text = fixture_digest(name, "programs/" + name + ".cpp");
        INFO(name << "\n" << text);
        CHECK(std::count(text.begin(), text.end(), '\n') <= 18);
        CHECK(text.empty() == name.starts_with("correct"));
    }
}

TEST_CASE("races inside the standard library are shown where the learner called it") {
    const std::string text = fixture_digest("vector_grows.gcc", "programs/vector_grows.cpp");
    CHECK(text.find("programs/vector_grows.cpp:7, in keep()") != std::string::npos);
    CHECK(text.find("inside std::vector::push_back(), holding no lock; started") !=
          std::string::npos);
    CHECK(text.find("stl_vector.h") == std::string::npos);
    CHECK(text.find("The same run reported more, not shown here: 3 data races.") !=
          std::string::npos);
}

TEST_CASE("an atomic and a plain access are told apart") {
    const std::string text = fixture_digest("atomic_vs_plain.gcc", "programs/atomic_vs_plain.cpp");
    CHECK(text.find("Thread T1 writes it atomically at") != std::string::npos);
    CHECK(text.find("One access is atomic, the other is not") != std::string::npos);
}

TEST_CASE("an object's construction and destruction are named as such") {
    const std::string text = fixture_digest("destructor.gcc", "programs/destructor.cpp");
    CHECK(text.starts_with("Data race on an object's virtual functions"));
}

TEST_CASE("a lock-order cycle names both locks of each thread") {
    const std::string text = fixture_digest("lock_order.gcc", "programs/lock_order.cpp");
    CHECK(text.find("Thread T1 locks `right`, holding `left`, at programs/lock_order.cpp:9") !=
          std::string::npos);
    CHECK(text.find("Thread T2 locks `left`, holding `right`, at programs/lock_order.cpp:16") !=
          std::string::npos);
}

TEST_CASE("a use after free is told with the free and the allocation") {
    CHECK(fixture_digest("asan_free.clang", "programs/memory.cpp") ==
          R"(Use of freed memory: `text->words[1]`, 4 bytes inside of a block of 16 bytes.

  The main thread reads 4 bytes at programs/memory.cpp:14, in after_free()
      return text->words[1];
  Freed by thread T1 at programs/memory.cpp:12, in a lambda in after_free()
      std::thread cleaner([text] { delete text; });
      started at programs/memory.cpp:12
  Allocated by the main thread at programs/memory.cpp:11, in after_free()
      auto* text = new page;

Memory must not be used after it was freed: it may already belong to somebody else.
)");
}

TEST_CASE("leaks are added up") {
    const std::string text = fixture_digest("asan_leak.clang", "programs/memory.cpp");
    CHECK(text.starts_with("Memory leak: 40 bytes are still allocated at the end"));
    CHECK(text.find("  16 bytes allocated at programs/memory.cpp:24, in leak()") !=
          std::string::npos);
}

TEST_CASE("a dead local variable is named") {
    const std::string text = fixture_digest("asan_return.gcc", "programs/memory.cpp");
    CHECK(text.starts_with("Use of a local variable after its function returned: `count`."));
}

TEST_CASE("a null pointer is recognized") {
    const std::string text = fixture_digest("null_pointer.clang", "programs/null_pointer.cpp");
    CHECK(text.find("a null pointer was followed") != std::string::npos);
}

TEST_CASE("when the answer has no part in it the nearest line is shown, and that is said") {
    const std::string text = fixture_digest("one_locks.gcc", "lessons/01-lost-update/counter.hpp");
    CHECK(text.find("programs/one_locks.cpp:8") != std::string::npos);
    CHECK(text.find("None of these places is in your own file") != std::string::npos);
    CHECK_FALSE(learner_frame(fixture_report("one_locks.gcc"),
                              options_for("lessons/01-lost-update/counter.hpp")));
}

TEST_CASE("the report with both accesses in the answer is the one explained") {
    const std::string course = SANITIZER_COURSE;
    const std::string other = course + "/programs/global.cpp:5";
    const std::string own = course + "/programs/heap.cpp:9";
    const auto race = [](const std::string& first, const std::string& second) {
        return "WARNING: ThreadSanitizer: data race (pid=1)\n"
               "  Write of size 4 at 0x10 by thread T1:\n    #0 f() " +
               first +
               " (p+0x1)\n\n  Previous read of size 4 at 0x10 by main thread:\n    #0 g() " +
               second + " (p+0x1)\n\nSUMMARY: ThreadSanitizer: data race\n";
    };
    const auto reports =
        parse_sanitizer_log(race(other, other) + race(own, other) + race(own, own));
    const std::string text = digest(reports, options_for("programs/heap.cpp"));
    CHECK(text.find("programs/global.cpp") == std::string::npos);
    CHECK(text.find("not shown here: 2 data races.") != std::string::npos);
    const std::string mixed = digest({reports[1]}, options_for("programs/heap.cpp"));
    CHECK(mixed.find("One of the two accesses is not made in your own file.") != std::string::npos);
}

TEST_CASE("two mutexes of one name are told apart") {
    const std::string line = std::string(SANITIZER_COURSE) + "/programs/one_locks.cpp:";
    const auto reports = parse_sanitizer_log(
        "WARNING: ThreadSanitizer: data race (pid=1)\n"
        "  Write of size 8 at 0x10 by thread T1 (mutexes: write M1):\n    #0 f() " +
        line +
        "8 (p+0x1)\n\n  Previous write of size 8 at 0x10 by thread T2 (mutexes: write M2):\n"
        "    #0 f() " +
        line + "8 (p+0x1)\n\n  Mutex M1 (0x1) created at:\n    #0 f() " + line +
        "7 (p+0x1)\n\n  Mutex M2 (0x2) created at:\n    #0 f() " + line +
        "7 (p+0x1)\n\nSUMMARY: ThreadSanitizer: data race\n");
    const std::string text = digest(reports, options_for("programs/one_locks.cpp"));
    CHECK(text.find("two mutexes, both called `balance_mutex_`") != std::string::npos);
}

TEST_CASE("a shared lock lets both in") {
    const std::string line = std::string(SANITIZER_COURSE) + "/programs/one_locks.cpp:8";
    const auto reports = parse_sanitizer_log(
        "WARNING: ThreadSanitizer: data race (pid=1)\n"
        "  Write of size 8 at 0x10 by thread T1 (mutexes: read M1):\n    #0 f() " +
        line +
        " (p+0x1)\n\n  Previous write of size 8 at 0x10 by thread T2 (mutexes: read M1):\n"
        "    #0 f() " +
        line + " (p+0x1)\n\nSUMMARY: ThreadSanitizer: data race\n");
    const std::string text = digest(reports, options_for("programs/one_locks.cpp"));
    CHECK(text.find("holding one mutex (shared)") != std::string::npos);
    CHECK(text.find("shared, for reading, which lets others in") != std::string::npos);
}

TEST_CASE("the learner's place is the write, if that is theirs") {
    const auto frame =
        learner_frame(fixture_report("one_locks.clang"), options_for("programs/one_locks.cpp"));
    REQUIRE(frame);
    CHECK(frame->line == 8);
    CHECK(frame->column == 18);
    CHECK(frame->function == "account::deposit(long)");
}

TEST_CASE("no report gives no text") {
    CHECK(digest({}, options_for("programs/global.cpp")).empty());
    CHECK_FALSE(learner_frame({}, options_for("programs/global.cpp")));
}

TEST_CASE("a narrow digest breaks sentences but no path") {
    digest_options options = options_for("programs/sleep.cpp");
    options.width = 40;
    const std::string text = digest(parse_sanitizer_log(fixture_log("sleep.gcc")), options);
    CHECK(text.find("programs/sleep.cpp:13") != std::string::npos);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK((line.size() <= 40 || line.find(".cpp:") != std::string::npos));
    }
}

}  // namespace
}  // namespace interleave
