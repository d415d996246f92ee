#include "runner/observation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace {

using namespace interleave;

const std::string begin = R"({"event":"case","name":"it holds","tags":["no-overlap"]})"
                          "\n";
const std::string end = R"({"event":"case_end","passed":2,"failed":0,"skipped":0})"
                        "\n";

TEST_CASE("a session that went well is seen whole") {
    const observation seen =
        observe(begin +
                R"({"event":"measurement","name":"speedup","value":1.9,"unit":"x"})"
                "\n" +
                end +
                R"({"event":"end","status":0})"
                "\n"
                R"({"event":"gone"})"
                "\n");
    REQUIRE(seen.cases.size() == 1);
    CHECK(seen.cases[0].sentence == "it holds");
    CHECK(seen.cases[0].ended);
    CHECK(seen.cases[0].passed == 2);
    CHECK_FALSE(seen.cases[0].answer_failed());
    CHECK(seen.cases[0].failing_kind() == kind::no_overlap);
    REQUIRE(seen.measurements.size() == 1);
    CHECK(seen.measurements[0].value == 1.9);
    CHECK(seen.ended);
    CHECK(seen.gone);
    CHECK(seen.interrupted() == nullptr);
}

TEST_CASE("a case that never ended is the interrupted one") {
    const observation seen = observe(begin + end + begin);
    REQUIRE(seen.interrupted() != nullptr);
    CHECK(seen.interrupted() == &seen.cases[1]);
    CHECK_FALSE(seen.ended);
}

TEST_CASE("leaving without having ended the session is not leaving") {
    CHECK_FALSE(observe(R"({"event":"gone"})"
                        "\n")
                    .gone);
}

TEST_CASE("who is at fault for a failed assertion is kept apart") {
    const observation seen =
        observe(begin + R"({"event":"failure","message":"no server","infrastructure":true})"
                        "\n"
                        R"({"event":"failure","message":"one core","inconclusive":true})"
                        "\n"
                        R"({"event":"failure","message":"wrong","notes":["a","b",3],"line":7})"
                        "\n"
                        R"({"event":"case_end","passed":0,"failed":3})"
                        "\n");
    REQUIRE(seen.cases.size() == 1);
    const observed_case& one = seen.cases[0];
    CHECK(one.infrastructure == std::vector<std::string>{"no server"});
    CHECK(one.inconclusive == std::vector<std::string>{"one core"});
    REQUIRE(one.failures.size() == 1);
    CHECK(one.failures[0].message == "wrong\na\nb");
    CHECK(one.failures[0].where.line == 7);
    CHECK(one.answer_failed());
}

TEST_CASE("a case is the answer's failure also when what it said about it got lost") {
    const observation seen = observe(begin + R"({"event":"failure","expanded":"cut off in the mid)"
                                             "\n"
                                             R"({"event":"case_end","passed":1,"failed":1})"
                                             "\n");
    CHECK(seen.cases[0].failures.empty());
    CHECK(seen.cases[0].answer_failed());
}

TEST_CASE("the machine's failures alone are not the answer's") {
    const observation seen =
        observe(begin + R"({"event":"failure","message":"no server","infrastructure":true})"
                        "\n"
                        R"({"event":"case_end","passed":1,"failed":1})"
                        "\n");
    CHECK_FALSE(seen.cases[0].answer_failed());
}

TEST_CASE("a failure whose text is not UTF-8 is still a failure") {
    const observation seen =
        observe(begin + "{\"event\":\"failure\",\"message\":\"caf\xe9 \xff\",\"line\":3}\n" +
                R"({"event":"case_end","passed":0,"failed":1})"
                "\n");
    REQUIRE(seen.cases[0].failures.size() == 1);
    CHECK(seen.cases[0].failures[0].where.line == 3);
    CHECK(seen.cases[0].failures[0].message.starts_with("caf"));
}

TEST_CASE("lines that are no events are passed over") {
    for (const std::string& line :
         {std::string("hello"), std::string("7"), std::string("[]"), std::string("null"),
          std::string("{}"), std::string("\"\""), std::string(100'000, '['), std::string(1, '\0'),
          std::string(R"({"event":7})"), std::string(R"({"event":"?"})"),
          std::string(R"({"event":"case","name":7})"),
          std::string(R"({"event":"case","name":"x","tags":"y"})"),
          std::string(R"({"event":"failure","message":"of no case"})"),
          std::string(R"({"event":"case_end","passed":1})")}) {
        INFO(line.substr(0, 60));
        const observation seen = observe(line + "\n");
        CHECK(seen.cases.empty());
        CHECK_FALSE(seen.ended);
    }
}

TEST_CASE("an event with a member of another type changes nothing") {
    const observation seen = observe(begin + R"({"event":"case_end","passed":"1","failed":0})"
                                             "\n"
                                             R"({"event":"end","status":"0"})"
                                             "\n");
    CHECK_FALSE(seen.cases[0].ended);
    CHECK_FALSE(seen.ended);
}

TEST_CASE("without a kind among its tags a case fails with a wrong result") {
    CHECK(observed_case{.sentence = "x", .tags = {"slow", "speedup"}}.failing_kind() ==
          kind::wrong_result);
}

TEST_CASE("a story is put together from its parts, in their order") {
    const observation seen = observe(
        begin +
        R"({"event":"exploration","kind":"race","schedule":"1:0.4>1","left_out":3,"executions":7})"
        "\n"
        R"({"event":"story_thread","thread":1,"file":"check.cpp","line":12,"text":"go();"})"
        "\n"
        R"({"event":"story_step","thread":1,"operation":"reads","object":"value_","value":"0","file":"a.hpp","line":9})"
        "\n"
        R"({"event":"story_step","thread":2,"operation":"writes","object":"value_","value":"1","line":9,"culprit":true})"
        "\n"
        R"({"event":"story_end","thread":2,"state":"waits for mutex_"})"
        "\n" +
        end);
    REQUIRE(seen.cases.size() == 1);
    REQUIRE(seen.cases[0].explored);
    const story& told = seen.cases[0].explored->told;
    CHECK(told.left_out == 3);
    CHECK(told.threads == 3);
    REQUIRE(told.events.size() == 2);
    CHECK(sentence(told.events[0]) == "reads 0 from value_");
    CHECK(told.events[1].culprit);
    REQUIRE(told.origins.size() == 1);
    CHECK(told.origins[0].line == 12);
    REQUIRE(told.at_end.size() == 1);
    CHECK(told.at_end[0].state == "waits for mutex_");
}

TEST_CASE("a story without an exploration before it is no story") {
    const observation seen = observe(begin + R"({"event":"story_step","thread":1})" + "\n" + end);
    REQUIRE(seen.cases.size() == 1);
    CHECK_FALSE(seen.cases[0].explored);
}

}  // namespace
