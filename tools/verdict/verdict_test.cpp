#include "verdict/verdict.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "verdict/json.hpp"

namespace {

using namespace interleave;

stage_result concluded(stage which, outcome result, kind why = kind::none) {
    stage_result made;
    made.which = which;
    made.result = result;
    made.why = why;
    made.max_points = 5;
    made.points = result == outcome::passed ? 5 : 0;
    return made;
}

verdict of(std::vector<stage_result> stages) {
    verdict made;
    made.lesson = "01-lost-update";
    made.answer = "/course/lessons/01-lost-update/counter.hpp";
    made.stages = std::move(stages);
    return made;
}

TEST_CASE("every kind, stage and outcome has a name of its own that is read back") {
    std::set<std::string_view> kinds;
    for (int i = 0; name(static_cast<kind>(i)) != "unknown"; ++i) {
        const auto value = static_cast<kind>(i);
        CHECK(kinds.insert(name(value)).second);
        CHECK(parse_kind(name(value)) == value);
    }
    CHECK(kinds.size() > static_cast<std::size_t>(kind::output_limit));
    std::set<std::string_view> stages;
    for (const stage value : all_stages()) {
        CHECK(stages.insert(name(value)).second);
        CHECK(parse_stage(name(value)) == value);
    }
    CHECK(stages.size() == 6);
    for (int i = 0; i <= static_cast<int>(outcome::tampered); ++i) {
        const auto value = static_cast<outcome>(i);
        CHECK(parse_outcome(name(value)) == value);
    }
    CHECK(name(kind::wrong_result) == "wrong-result");
    CHECK_FALSE(parse_kind("wrong_result"));
    CHECK_FALSE(parse_stage("Race"));
    CHECK_FALSE(parse_kind(""));
    CHECK_FALSE(parse_kind("unknown"));
}

TEST_CASE("a verdict is passed only when every stage passed") {
    const auto passed = concluded(stage::build, outcome::passed);
    CHECK(of({passed, concluded(stage::race, outcome::passed)}).result() == outcome::passed);
    for (const outcome other : {outcome::failed, outcome::skipped, outcome::inconclusive,
                                outcome::infrastructure, outcome::tampered}) {
        CHECK(of({passed, concluded(stage::race, other)}).result() == other);
        CHECK(of({concluded(stage::race, other), passed}).result() == other);
    }
    CHECK(of({}).result() == outcome::skipped);
}

TEST_CASE("the gravest outcome is the result") {
    const std::vector<outcome> gravest_first{outcome::failed, outcome::tampered,
                                             outcome::infrastructure, outcome::inconclusive,
                                             outcome::skipped};
    for (std::size_t grave = 0; grave < gravest_first.size(); ++grave) {
        for (std::size_t less = grave + 1; less < gravest_first.size(); ++less) {
            CHECK(of({concluded(stage::race, gravest_first[less]),
                      concluded(stage::lifetime, gravest_first[grave])})
                      .result() == gravest_first[grave]);
        }
    }
}

TEST_CASE("a race outranks the failures it causes, in whichever stage it was seen") {
    const auto wrong = concluded(stage::behaviour, outcome::failed, kind::wrong_result);
    const auto race = concluded(stage::race, outcome::failed, kind::race);
    const auto explored = concluded(stage::interleavings, outcome::failed, kind::race);
    CHECK(of({wrong, race}).why() == kind::race);
    CHECK(of({race, wrong}).why() == kind::race);
    CHECK(of({wrong, explored}).decisive()->which == stage::interleavings);
    CHECK(of({explored, race}).decisive()->which == stage::race);
}

TEST_CASE("without a race the first failed stage says why") {
    const auto hang = concluded(stage::behaviour, outcome::failed, kind::hang);
    const auto leak = concluded(stage::lifetime, outcome::failed, kind::leak);
    CHECK(of({leak, hang}).why() == kind::hang);
    CHECK(of({concluded(stage::behaviour, outcome::passed), leak}).why() == kind::leak);
}

TEST_CASE("a stage that could not outrank a failure changes no kind, and one that could does") {
    const auto may_tell = [](stage which, kind why) {
        return why != kind::race || which == stage::race || which == stage::interleavings;
    };
    for (const stage decided : all_stages()) {
        for (const kind told : {kind::race, kind::wrong_result}) {
            if (!may_tell(decided, told)) continue;
            const auto failed = concluded(decided, outcome::failed, told);
            for (const stage later : all_stages()) {
                if (later == decided) continue;
                bool changes = false;
                for (const kind why : {kind::race, kind::crash}) {
                    if (!may_tell(later, why)) continue;
                    const auto other = concluded(later, outcome::failed, why);
                    changes = changes || of({failed, other}).decisive()->which == later;
                }
                CAPTURE(name(decided), name(told), name(later));
                CHECK(could_outrank(later, failed) == changes);
            }
        }
    }
}

TEST_CASE("only a failed stage gives a kind") {
    const verdict unclear = of({concluded(stage::race, outcome::infrastructure, kind::race),
                                concluded(stage::build, outcome::passed)});
    CHECK(unclear.why() == kind::none);
    CHECK(unclear.decisive() == nullptr);
}

TEST_CASE("points are summed, and a tampered stage voids them") {
    const auto passed = concluded(stage::build, outcome::passed);
    const verdict half = of({passed, concluded(stage::race, outcome::failed, kind::race)});
    CHECK(half.points() == 5);
    CHECK(half.max_points() == 10);
    CHECK(of({passed, concluded(stage::race, outcome::tampered)}).points() == 0);
    CHECK(half.find(stage::race)->why == kind::race);
    CHECK(half.find(stage::speedup) == nullptr);
}

TEST_CASE("a verdict survives the way through JSON") {
    auto race = concluded(stage::race, outcome::failed, kind::race);
    race.summary = "two threads write value_";
    race.where = place{"counter.hpp", 9, 30, "void increment() { ++value_; }"};
    race.evidence = "line one\n\tline two";
    race.failures.push_back(
        {"no increment is lost", "total == 1", "2 == 1", "note", {"c", 1, 2, "t"}});
    race.measurements.push_back({"speedup", 1.5, "x"});
    race.measurements.push_back({"noise", std::numeric_limits<double>::quiet_NaN(), ""});
    race.schedule = "1,2,1";
    race.told = story{.threads = 2,
                      .events = {{.thread = 1,
                                  .operation = "writes",
                                  .object = "value_",
                                  .value = "2",
                                  .file = "counter.hpp",
                                  .line = 9,
                                  .culprit = true}},
                      .origins = {{.thread = 1, .file = "check.cpp", .line = 3, .text = "t"}},
                      .at_end = {{.thread = 0, .state = "waits", .file = "c", .line = 1}},
                      .left_out = 4};
    race.seconds = 0.25;
    const verdict before = of({concluded(stage::build, outcome::passed), race});
    const auto written = to_json(before);
    const auto text = written.dump();

    CHECK(written["result"] == "failed");
    CHECK(written["kind"] == "race");
    CHECK(written["decisive"] == "race");
    CHECK(written["stages"][0]["where"].is_null());
    CHECK(written["stages"][1]["measurements"][1]["value"].is_null());

    const verdict after = verdict_from_json(nlohmann::json::parse(text));
    CHECK(to_json(after).dump() == text);
    CHECK(after.stages.at(1).where->line == 9);
    REQUIRE(after.stages.at(1).told);
    CHECK(after.stages.at(1).told->events.at(0).value == "2");
    CHECK(after.stages.at(1).told->events.at(0).culprit);
    CHECK_FALSE(after.stages.at(0).told);
    CHECK(after.stages.at(1).failures.at(0).where.column == 2);
    CHECK(std::isnan(after.stages.at(1).measurements.at(1).value));
}

TEST_CASE("hostile text becomes text that can be stored and shown") {
    CHECK(printable("plain\ttext\n") == "plain\ttext\n");
    CHECK(printable("\x1b[31mred\x1b[0m\r\a") == "[31mred[0m");
    CHECK(printable("caf\xc3\xa9 \xf0\x9f\x99\x82") == "caf\xc3\xa9 \xf0\x9f\x99\x82");
    CHECK(printable("\xc2\x9b"
                    "31m") == "31m");                             // C1 control: a terminal's CSI
    CHECK(printable("a\xff") == "a\xef\xbf\xbd");                 // never valid
    CHECK(printable("\xc3") == "\xef\xbf\xbd");                   // cut off
    CHECK(printable("\xc0\xaf").find('/') == std::string::npos);  // overlong
    CHECK(printable("\xed\xa0\x80").find('\xed') == std::string::npos);  // surrogate

    auto crash = concluded(stage::behaviour, outcome::failed, kind::crash);
    crash.evidence = std::string("\xff\0\x1b", 3);
    CHECK_NOTHROW(to_json(of({crash})).dump());
}

TEST_CASE("what is not a verdict is refused with a sentence") {
    auto written = to_json(of({concluded(stage::build, outcome::passed)}));
    CHECK_NOTHROW(verdict_from_json(written));
    auto unknown = written;
    unknown["stages"][0]["kind"] = "gremlins";
    CHECK_THROWS_AS(verdict_from_json(unknown), std::invalid_argument);
    auto missing = written;
    missing.erase("stages");
    CHECK_THROWS_AS(verdict_from_json(missing), std::invalid_argument);
    auto newer = written;
    newer["schema"] = 2;
    CHECK_THROWS_AS(verdict_from_json(newer), std::invalid_argument);
    CHECK_THROWS_AS(verdict_from_json(nlohmann::json::array()), std::invalid_argument);
}

}  // namespace
