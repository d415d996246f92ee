#include "runner/symbolizer.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace interleave;

TEST_CASE("llvm-symbolizer's answers are read with inlined frames and columns") {
    const auto answers = parse_symbolizer_output(
        "0x12ab\n__gthread_mutex_lock\n/usr/include/gthr.h:749:10\nlesson::bank::pay()\n"
        "/home/me/lessons/a/../03/bank.hpp:23:5\n\n0x1\n??\n??:0:0\n\n");
    REQUIRE(answers.size() == 2);
    REQUIRE(answers[0].size() == 2);
    CHECK(answers[0][0].function == "__gthread_mutex_lock");
    CHECK(answers[0][1].function == "lesson::bank::pay()");
    CHECK(answers[0][1].file == "/home/me/lessons/03/bank.hpp");
    CHECK(answers[0][1].line == 23);
    CHECK(answers[0][1].column == 5);
    CHECK(answers[1].empty());
}

TEST_CASE("addr2line's answers are read") {
    const auto answers = parse_symbolizer_output(
        "0x00000000000012ab\npay()\n/home/me/bank.hpp:23 (discriminator 3)\nmain\n"
        "/home/me/check.cpp:7\n0x0000000000000001\n??\n??:0\n0x0000000000000002\n_start\n??:?\n");
    REQUIRE(answers.size() == 3);
    REQUIRE(answers[0].size() == 2);
    CHECK(answers[0][0].file == "/home/me/bank.hpp");
    CHECK(answers[0][0].line == 23);
    CHECK(answers[0][0].column == 0);
    CHECK(answers[0][1].line == 7);
    CHECK(answers[1].empty());
    REQUIRE(answers[2].size() == 1);
    CHECK(answers[2][0].function == "_start");
    CHECK(answers[2][0].line == 0);
}

TEST_CASE("nonsense from a symbolizer is no answer") {
    CHECK(parse_symbolizer_output("").empty());
    CHECK(parse_symbolizer_output("error: no such file\n").empty());
    CHECK(parse_symbolizer_output("main\n\n\nx:y:z\n").empty());
}

TEST_CASE("an executable that cannot be read has no lines, and that is no error") {
    const auto answers = symbolize("/no/such/program", {0x1000, 0x2000});
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].empty());
    CHECK(answers[1].empty());
    CHECK(symbolize("/no/such/program", {}).empty());
}
