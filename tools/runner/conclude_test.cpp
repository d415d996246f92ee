#include "runner/conclude.hpp"

#include <signal.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <sstream>

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;

std::string case_of(const std::string& sentence, const std::string& inside = "", int passed = 1,
                    int failed = 0, int skipped = 0, const std::string& tags = "") {
    return R"({"event":"case","name":")" + sentence + R"(","tags":[)" + tags + "]}\n" + inside +
           R"({"event":"case_end","passed":)" + std::to_string(passed) + R"(,"failed":)" +
           std::to_string(failed) + R"(,"skipped":)" + std::to_string(skipped) + "}\n";
}

std::string failure(const std::string& rest) {
    return R"({"event":"failure","expression":"a == b","expanded":"1 == 2","message":"",)"
           R"("file":"/course/checks/01/check.cpp","line":12)" +
           rest + "}\n";
}

std::string end_of_session(int status = 0) {
    return R"({"event":"end","status":)" + std::to_string(status) + "}\n" + R"({"event":"gone"})" +
           "\n";
}

std::string fixture(const std::string& name) {
    std::ifstream in(std::string(SANITIZER_LOGS) + "/" + name, std::ios::binary);
    REQUIRE(in);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A check with the cases "one" and "two".
class concluded {
  public:
    explicit concluded(const std::string& events) {
        what_.id = "01-lost-update";
        whose_.file = "/course/lessons/01-lost-update/counter.hpp";
        done.what = &what_;
        done.whose = &whose_;
        done.root = "/course";
        done.program = "/no/such/program";
        done.cases = {"one", "two"};
        done.run.events = events;
    }
    concluded(const concluded&) = delete;
    concluded& operator=(const concluded&) = delete;

    stage_result operator()() const { return conclude(done); }

    stage_run done;

  private:
    lesson what_;
    answer whose_;
};

const std::string both = case_of("one") + case_of("two");

TEST_CASE("a stage passes when every case held, was counted, and the program left in good order") {
    const stage_result result = concluded(both + end_of_session())();
    CHECK(result.result == outcome::passed);
    CHECK(result.why == kind::none);
    CHECK(result.summary == "2 cases held.");
}

TEST_CASE("an answer that leaves the program does not pass, whatever its exit status") {
    SECTION("before the first case, in a static constructor") {
        const stage_result result = concluded("")();
        CHECK(result.result == outcome::failed);
        CHECK(result.why == kind::exit);
        CHECK_THAT(result.summary, ContainsSubstring("before the first case began"));
    }
    SECTION("in a case") {
        const stage_result result =
            concluded(case_of("one") + R"({"event":"case","name":"two","tags":[]})" + "\n")();
        CHECK(result.why == kind::exit);
        CHECK_THAT(result.summary, ContainsSubstring("during \"two\""));
    }
    SECTION("between the last case and the end") {
        CHECK(concluded(both)().why == kind::exit);
    }
    SECTION("after the end, before the static objects are gone") {
        const stage_result result = concluded(both + R"({"event":"end","status":0})" + "\n")();
        CHECK(result.result == outcome::failed);
        CHECK(result.why == kind::exit);
    }
}

TEST_CASE("cases that are not those of the check are tampering, not a pass") {
    const auto tampered = [](const std::string& events) {
        const stage_result result = concluded(events + end_of_session())();
        CHECK(result.result == outcome::tampered);
        return result.summary;
    };
    CHECK_THAT(tampered(case_of("one")), ContainsSubstring("this one did not: \"two\""));
    tampered("");
    tampered(both + case_of("three"));
    tampered(case_of("one") + case_of("one"));
    tampered(case_of("two") + case_of("one"));
    tampered(both + both);
    CHECK_THAT(tampered(case_of("one") + case_of("two", "", 1, 0, 1)),
               ContainsSubstring("\"two\" was left half-way"));
    tampered(R"({"event":"case","name":"one","tags":[]})"
             "\n" +
             case_of("two"));
}

TEST_CASE("somebody else's lines on the event channel are tampering") {
    concluded judged(both + end_of_session());
    judged.done.run.foreign_events = 1;
    CHECK(judged().result == outcome::tampered);
}

TEST_CASE("a case that looked at nothing, and a stage without a case, are the course's fault") {
    CHECK(concluded(case_of("one") + case_of("two", "", 0) + end_of_session())().result ==
          outcome::infrastructure);
    concluded without_cases(end_of_session());
    without_cases.done.cases.clear();
    CHECK(without_cases().result == outcome::infrastructure);
}

TEST_CASE("a case that did not hold fails with its sentence, what was expected and what came") {
    const stage_result result =
        concluded(case_of("one") + case_of("two", failure(""), 0, 1) + end_of_session(1))();
    CHECK(result.result == outcome::failed);
    CHECK(result.why == kind::wrong_result);
    CHECK(result.summary == "This did not hold: two.");
    REQUIRE(result.failures.size() == 1);
    CHECK_THAT(result.evidence, ContainsSubstring("expected  a == b") &&
                                    ContainsSubstring("got       1 == 2") &&
                                    ContainsSubstring("at checks/01/check.cpp:12"));
}

TEST_CASE("the tag of the case that did not hold is the kind") {
    const stage_result result = concluded(case_of("one", failure(""), 0, 1, 0, "\"no-overlap\"") +
                                          case_of("two") + end_of_session(1))();
    CHECK(result.why == kind::no_overlap);
}

TEST_CASE("only the first failures are shown, and the others counted") {
    std::string many;
    for (int i = 0; i < 5; ++i) many += failure("");
    const stage_result result =
        concluded(case_of("one", many, 0, 5) + case_of("two") + end_of_session(1))();
    CHECK(result.failures.size() == 5);
    CHECK_THAT(result.evidence, ContainsSubstring("and 2 more."));
}

TEST_CASE("a failure that said nothing that could be read is a failure") {
    const stage_result result =
        concluded(case_of("one", "", 1, 1) + case_of("two") + end_of_session(1))();
    CHECK(result.result == outcome::failed);
    CHECK(result.why == kind::wrong_result);
}

TEST_CASE("what the machine could not do or show is neither a pass nor the answer's failure") {
    const std::string no_server = failure(R"(,"infrastructure":true)");
    const std::string one_core = failure(R"(,"inconclusive":true)");
    CHECK(
        concluded(case_of("one", no_server, 0, 1) + case_of("two") + end_of_session(1))().result ==
        outcome::infrastructure);
    CHECK(concluded(case_of("one", one_core, 0, 1) + case_of("two") + end_of_session(1))().result ==
          outcome::inconclusive);
    SECTION("but a case that did not hold is, wherever it stands") {
        for (const std::string& excuse : {no_server, one_core}) {
            const stage_result result =
                concluded(case_of("one", excuse, 0, 1) + case_of("two", failure(""), 0, 1) +
                          end_of_session(2))();
            CHECK(result.result == outcome::failed);
            CHECK(result.summary == "This did not hold: two.");
        }
    }
    SECTION("and an exit is, too") {
        CHECK(concluded(case_of("one", one_core, 0, 1) + case_of("two"))().why == kind::exit);
    }
}

TEST_CASE("every case may hold, and the exit status still fails the stage") {
    concluded judged(both + end_of_session());
    judged.done.run.status = 66;
    judged.done.run.err = "something at the end";
    const stage_result result = judged();
    CHECK(result.result == outcome::failed);
    CHECK(result.why == kind::crash);
    CHECK_THAT(result.summary, ContainsSubstring("status 66"));
    CHECK(result.evidence == "something at the end");
    CHECK(concluded(both + end_of_session(1))().result == outcome::failed);
}

TEST_CASE("a sanitizer's report fails the stage, although every case held and the status is 0") {
    concluded judged(both + end_of_session());
    judged.done.which = stage::race;
    judged.done.sanitizer_log = fixture("global.clang.log");
    const stage_result result = judged();
    CHECK(result.result == outcome::failed);
    CHECK(result.why == kind::race);
    CHECK_FALSE(result.evidence.empty());
    SECTION("also when the answer then leaves at once") {
        judged.done.run.events = case_of("one");
        CHECK(judged().why == kind::race);
    }
    SECTION("also when the answer prints that the sanitizer did not start") {
        judged.done.run.err = "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n";
        CHECK(judged().why == kind::race);
    }
}

TEST_CASE("a race outranks the other reports of the same run") {
    concluded judged(both + end_of_session());
    judged.done.sanitizer_log = fixture("mutex_unlock.clang.log") + fixture("global.clang.log");
    CHECK(judged().why == kind::race);
}

TEST_CASE("each of the sanitizers' reports has its kind") {
    const auto kind_for = [](const std::string& log) {
        concluded judged(both + end_of_session());
        judged.done.sanitizer_log = fixture(log);
        CHECK(judged().result == outcome::failed);
        return judged().why;
    };
    CHECK(kind_for("lock_order.clang.log") == kind::deadlock);
    CHECK(kind_for("mutex_double.clang.log") == kind::lock_misuse);
    CHECK(kind_for("asan_free.clang.log") == kind::use_after_free);
    CHECK(kind_for("asan_leak.clang.log") == kind::leak);
    CHECK(kind_for("asan_overflow.clang.log") == kind::memory_error);
    CHECK(kind_for("null_pointer.clang.log") == kind::crash);
}

TEST_CASE("a sanitizer that does not start says nothing about the answer") {
    concluded judged("");
    judged.done.run.status = 66;
    judged.done.run.err = "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n";
    CHECK(judged().result == outcome::infrastructure);
}

TEST_CASE("a program that stands still fails with a kind, and names the case") {
    for (const ending how : {ending::blocked, ending::idle, ending::napping, ending::cpu_limit}) {
        concluded judged(R"({"event":"case","name":"one","tags":[]})"
                         "\n");
        judged.done.run.ended = how;
        const stage_result result = judged();
        CHECK(result.result == outcome::failed);
        CHECK(result.why != kind::none);
        CHECK_THAT(result.evidence, ContainsSubstring("It stands in \"one\""));
    }
}

TEST_CASE("limits end a run, each for what it is") {
    concluded judged(both + end_of_session());  // what was said before does not save it
    judged.done.run.ended = ending::output_limit;
    CHECK(judged().why == kind::output_limit);
    judged.done.run.ended = ending::memory_limit;
    CHECK(judged().why == kind::memory_limit);
    judged.done.run.ended = ending::wall_limit;
    CHECK(judged().result == outcome::infrastructure);
}

TEST_CASE("a signal is a crash, also in a static constructor or destructor") {
    for (const std::string& events : {std::string(), both, both + end_of_session()}) {
        concluded judged(events);
        judged.done.run.ended = ending::signalled;
        judged.done.run.status = SIGSEGV;
        const stage_result result = judged();
        CHECK(result.result == outcome::failed);
        CHECK(result.why == kind::crash);
    }
}

TEST_CASE("a run that was stopped concludes nothing") {
    concluded judged(both + end_of_session());
    judged.done.run.ended = ending::cancelled;
    CHECK(judged().result == outcome::skipped);
}

TEST_CASE("measurements are kept") {
    const stage_result result =
        concluded(case_of("one", R"({"event":"measurement","name":"speedup","value":2,"unit":"x"})"
                                 "\n") +
                  case_of("two") + end_of_session())();
    REQUIRE(result.measurements.size() == 1);
    CHECK(result.measurements[0].name == "speedup");
}

TEST_CASE("what was explored is counted, and a sample is called one") {
    const auto explored = [](const std::string& rest) {
        return R"({"event":"exploration","kind":"none","message":"","file":"","line":0,)"
               R"("schedule":"",)" +
               rest + "}\n";
    };
    concluded seen(case_of("one", explored(R"("executions":1200,"exhausted":true)")) +
                   case_of("two", explored(R"("executions":34,"exhausted":false)")) +
                   end_of_session());
    seen.done.which = stage::interleavings;
    const stage_result result = seen();
    CHECK(result.result == outcome::passed);
    CHECK_FALSE(result.sampled);
    CHECK(result.summary == "2 cases held.");
    REQUIRE(result.measurements.size() == 1);
    CHECK(result.measurements[0].name == "explored");
    CHECK(result.measurements[0].value == 1234);

    concluded sample(case_of("one", explored(R"("executions":200,"sampled":true)")) +
                     case_of("two") + end_of_session());
    sample.done.which = stage::interleavings;
    const stage_result sampled = sample();
    CHECK(sampled.result == outcome::passed);
    CHECK(sampled.sampled);
    CHECK_THAT(sampled.summary, ContainsSubstring("sampled on real threads, not explored"));
    REQUIRE(sampled.measurements.size() == 1);
    CHECK(sampled.measurements[0].name == "sampled");
}

TEST_CASE("what an interleaving broke is told step by step, with the command that replays it") {
    const std::string events =
        R"({"event":"case","name":"one","tags":["interleavings"]})"
        "\n"
        R"({"event":"exploration","kind":"wrong-result","message":"EXPECT(x) does not hold (/course/checks/a.cpp:3).","file":"/course/checks/a.cpp","line":3,"schedule":"1:0.4>1","executions":5})"
        "\n"
        R"({"event":"story_step","thread":1,"operation":"reads","object":"value_","value":"0","file":"/course/lessons/a.hpp","line":9,"text":"++value_;"})"
        "\n"
        R"({"event":"failure","expression":"found"})"
        "\n"
        R"({"event":"case_end","passed":0,"failed":1,"skipped":0})"
        "\n";
    const answer own{.whose = role::learner, .file = "/course/a.hpp", .name = {}, .summary = {}};
    concluded seen(events + end_of_session());
    seen.done.which = stage::interleavings;
    seen.done.whose = &own;
    seen.done.cases = {"one"};
    const stage_result result = seen();
    CHECK(result.result == outcome::failed);
    CHECK(result.why == kind::wrong_result);
    CHECK(result.schedule == "1:0.4>1");
    REQUIRE(result.told);
    CHECK(result.told->events.size() == 1);
    CHECK_THAT(result.evidence, ContainsSubstring("does not hold (checks/a.cpp:3)."));
    CHECK_THAT(result.evidence, ContainsSubstring("reads 0 from value_"));
    CHECK_THAT(result.evidence,
               ContainsSubstring("Replay: tools/interleave check 01-lost-update --schedule "
                                 "'1:0.4>1'"));

    const answer other{.whose = role::other, .file = "/course/mine.hpp", .name = {}, .summary = {}};
    seen.done.whose = &other;
    CHECK_THAT(seen().evidence, ContainsSubstring("check 01-lost-update --answer mine.hpp "
                                                  "--schedule '1:0.4>1'"));
}

/// The events of a case in which the explorer found something.
std::string explored_case(const std::string& name, const std::string& found,
                          const std::string& message, const std::string& schedule = "") {
    return R"({"event":"case","name":")" + name +
           R"(","tags":["interleavings"]})"
           "\n"
           R"({"event":"exploration","raced":true,"kind":")" +
           found + R"(","message":")" + message + R"(","schedule":")" + schedule +
           "\"}\n"
           R"({"event":"failure","expression":"found"})"
           "\n"
           R"({"event":"case_end","passed":0,"failed":1,"skipped":0})"
           "\n";
}

stage_result conclude_explored(const std::string& events, const std::vector<std::string>& cases) {
    concluded seen(events + end_of_session());
    seen.done.which = stage::interleavings;
    seen.done.cases = cases;
    return seen();
}

TEST_CASE("a schedule that would fill the screen is left to --json") {
    std::string schedule = "1:0.4>1";
    while (schedule.size() <= 1'000) schedule += ",0.4>1";
    const stage_result result =
        conclude_explored(explored_case("one", "livelock", "They go round.", schedule), {"one"});
    CHECK(result.schedule == schedule);
    CHECK(result.evidence.find("0.4>1") == std::string::npos);
    CHECK_THAT(result.evidence, ContainsSubstring("with --json it tells the schedule, of 1003 "));
}

TEST_CASE("a race explains what crashed, and not what came out wrong") {
    const auto explored = [](const std::string& found) {
        return conclude_explored(explored_case("one", found, "It broke."), {"one"});
    };
    CHECK(explored("crash").why == kind::race);
    CHECK_THAT(explored("crash").evidence, ContainsSubstring("A data race leads there"));
    CHECK(explored("wrong-result").why == kind::wrong_result);
    CHECK_THAT(explored("wrong-result").evidence, !ContainsSubstring("A data race"));
}

TEST_CASE("what waits outside the explorer's world is not judged by it") {
    const auto outside = explored_case("one", "outside-world", "Thread 1 calls poll().");
    const auto undecided = conclude_explored(outside, {"one"});
    CHECK(undecided.result == outcome::inconclusive);
    CHECK_THAT(undecided.evidence, ContainsSubstring("Thread 1 calls poll()."));

    const auto failed = conclude_explored(
        outside + explored_case("two", "deadlock", "No thread can continue."), {"one", "two"});
    CHECK(failed.result == outcome::failed);
    CHECK(failed.why == kind::deadlock);
}

}  // namespace
