#include "runner/check_cases.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "course/lesson.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;
using texts = std::vector<std::string>;

TEST_CASE("the cases of a check are known from its text, in order, with tags and lines") {
    const auto cases = declared_cases(
        "#include <x>\n"
        "TEST_CASE(\"one\") { CHECK(true); }\n"
        "\n"
        "TEST_CASE(\n    \"two\",\n    \"[speedup][too-slow]\") {}\n",
        "check.cpp");
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].sentence == "one");
    CHECK(cases[0].tags.empty());
    CHECK(cases[0].line == 2);
    CHECK(cases[1].sentence == "two");
    CHECK(cases[1].tags == texts{"speedup", "too-slow"});
    CHECK(cases[1].line == 4);
}

TEST_CASE("names may be written in any form of a literal") {
    const auto cases = declared_cases(
        "TEST_CASE(\"a \\\"quoted\\\" \\\\ name\") {}\n"
        "TEST_CASE(\"in two \" /* not one */\n  \"parts, with (brackets)\") {}\n"
        "TEST_CASE(R\"x(raw \"text\")x\") {}\n",
        "check.cpp");
    REQUIRE(cases.size() == 3);
    CHECK(cases[0].sentence == "a \"quoted\" \\ name");
    CHECK(cases[1].sentence == "in two parts, with (brackets)");
    CHECK(cases[2].sentence == "raw \"text\"");
}

TEST_CASE("what only looks like a case is none") {
    CHECK(declared_cases("// TEST_CASE(\"commented out\") {}\n"
                         "/* TEST_CASE(\"this too\") {} */\n"
                         "const char* text = \"TEST_CASE(\\\"in a text\\\")\";\n"
                         "int MY_TEST_CASE = 1;\n",
                         "check.cpp")
              .empty());
}

TEST_CASE("a case that cannot be known before it runs is refused, with its line") {
    CHECK_THROWS_WITH(declared_cases("\nTEST_CASE(name_of(3)) {}\n", "check.cpp"),
                      ContainsSubstring("check.cpp:2: the name and the tags"));
    CHECK_THROWS_WITH(declared_cases("TEST_CASE(\"a\", tags) {}\n", "check.cpp"),
                      ContainsSubstring("check.cpp:1:"));
    CHECK_THROWS_WITH(declared_cases("TEST_CASE(\"a", "check.cpp"),
                      ContainsSubstring("check.cpp:1:"));
    CHECK_THROWS_WITH(declared_cases("\n\nTEMPLATE_TEST_CASE(\"a\", \"\", int) {}\n", "check.cpp"),
                      ContainsSubstring("check.cpp:3:") && ContainsSubstring("TEMPLATE_TEST_CASE"));
    CHECK_THROWS_AS(read_declared_cases("/no/such/check.cpp"), course_error);
}

TEST_CASE("each stage runs its own cases") {
    const auto cases = declared_cases(
        "TEST_CASE(\"plain\", \"[race]\") {}\n"
        "TEST_CASE(\"explored\", \"[interleavings]\") {}\n"
        "TEST_CASE(\"measured\", \"[speedup][too-slow]\") {}\n"
        "TEST_CASE(\"hidden\", \"[.]\") {}\n",
        "check.cpp");
    CHECK(sentences_of(cases, stage::behaviour) == texts{"plain"});
    CHECK(sentences_of(cases, stage::race) == texts{"plain"});
    CHECK(sentences_of(cases, stage::lifetime) == texts{"plain"});
    CHECK(sentences_of(cases, stage::interleavings) == texts{"explored"});
    CHECK(sentences_of(cases, stage::speedup) == texts{"measured"});
    CHECK(selection_of(stage::race) == selection_of(stage::behaviour));
    CHECK(selection_of(stage::speedup) == "[speedup]");
}

}  // namespace
