// The outputs are those of clang 14 and gcc 12, captured; COMPILER_OUTPUT is their folder.

#include "runner/diagnostics.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <sstream>

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;

const std::filesystem::path counter = "/course/lessons/01/counter.hpp";
const std::filesystem::path check = "/course/checks/01/check.cpp";

std::string output(const std::string& name) {
    std::ifstream in(std::string(COMPILER_OUTPUT) + "/" + name + ".txt", std::ios::binary);
    REQUIRE(in);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void stands_at(const diagnosis& found, const std::filesystem::path& file, int line) {
    REQUIRE(found.where);
    CHECK(found.where->file == file);
    CHECK(found.where->line == line);
}

TEST_CASE("an error in the answer is told with its place and the compiler's own lines") {
    const diagnosis clang = first_error(output("missing_semicolon.clang"), counter);
    CHECK(clang.message == "expected ';' after expression");
    stands_at(clang, counter, 8);
    CHECK(clang.where->column == 32);
    CHECK(clang.errors == 1);
    CHECK_THAT(clang.excerpt, ContainsSubstring("void increment() { ++value_ }"));

    const diagnosis gcc = first_error(output("missing_semicolon.gcc"), counter);
    CHECK(gcc.message == "expected ‘;’ before ‘}’ token");
    stands_at(gcc, counter, 8);
}

TEST_CASE("an error deep in a library's template is led back to the answer's line") {
    for (const char* name : {"in_a_template.clang", "in_a_template.gcc"}) {
        INFO(name);
        const diagnosis found = first_error(output(name), counter);
        CHECK_THAT(found.message, ContainsSubstring("no matching function for call to"));
        stands_at(found, counter, 8);
    }
    for (const char* name : {"thread_argument.clang", "thread_argument.gcc"}) {
        INFO(name);
        const diagnosis found = first_error(output(name), counter);
        CHECK_THAT(found.message, ContainsSubstring("must be invocable"));
        stands_at(found, counter, 9);
    }
}

TEST_CASE("an excerpt is a dozen lines at most and ends before the next error") {
    const diagnosis found = first_error(output("in_a_template.clang"), counter);
    CHECK(std::count(found.excerpt.begin(), found.excerpt.end(), '\n') <= 12);
    CHECK(found.errors > 1);
    const diagnosis first = first_error(output("missing_member.clang"), counter);
    CHECK(std::count(first.excerpt.begin(), first.excerpt.end(), '\n') <= 4);
}

TEST_CASE("an error in the check stands in the check, where nothing leads to the answer") {
    stands_at(first_error(output("missing_member.clang"), counter), check, 6);
}

TEST_CASE("a note of the error that points into the answer is its place") {
    stands_at(first_error(output("missing_member.gcc"), counter), counter, 10);
}

TEST_CASE("a warning in the answer is not the place of an error elsewhere") {
    const diagnosis clang = first_error(output("warning_then_error.clang"), counter);
    CHECK_THAT(clang.message, ContainsSubstring("no member named 'value'"));
    stands_at(clang, check, 6);
    CHECK(clang.warnings == 1);
    const diagnosis gcc = first_error(output("warning_then_error.gcc"), counter);
    stands_at(gcc, counter, 10);  // "declared private here", not the warning's line 8
}

TEST_CASE("a header that is missing is an error at its include") {
    for (const char* name : {"missing_header.clang", "missing_header.gcc"}) {
        INFO(name);
        const diagnosis found = first_error(output(name), counter);
        CHECK_THAT(found.message, ContainsSubstring("no_such_header"));
        stands_at(found, counter, 1);
    }
}

TEST_CASE("a linker's complaint is told with the line that needs what is missing") {
    for (const char* name : {"undefined_function.clang.lld", "undefined_function.gcc.lld",
                             "undefined_function.gcc.ld"}) {
        INFO(name);
        const diagnosis found = first_error(output(name), counter);
        CHECK_THAT(found.message, ContainsSubstring("undefined") &&
                                      ContainsSubstring("lesson::counter::increment()"));
        CHECK(found.errors == 1);
        stands_at(found, check, 5);
    }
}

TEST_CASE("the first warning has its place, and an output without one has none") {
    for (const char* name : {"only_a_warning.clang", "only_a_warning.gcc"}) {
        INFO(name);
        const diagnosis found = first_warning(output(name), counter);
        CHECK_THAT(found.message, ContainsSubstring("unused variable"));
        stands_at(found, counter, 8);
        CHECK(found.errors == 0);
        CHECK(first_error(output(name), counter).message.empty());
    }
    CHECK(first_warning(output("missing_semicolon.clang"), counter).message.empty());
}

TEST_CASE("a path with colons and spaces is one path") {
    const diagnosis found =
        first_error("/my files: new/c 2:0/ok.hpp:3:7: error: expected ';'\n", "/x");
    CHECK(found.message == "expected ';'");
    stands_at(found, "/my files: new/c 2:0/ok.hpp", 3);
}

TEST_CASE("odd output is no error and no crash") {
    for (const char* text : {"", "\n\n", ":", "::::", "a:1", "a:1:", "a:1:2:", "a:1:2: ",
                             "a:99999999999999999999:1: note: x", "error", "error:"}) {
        INFO(text);
        CHECK(first_error(text, counter).message.empty());
    }
}

TEST_CASE("a precompiled header that is out of date is no mistake in the answer") {
    CHECK(precompiled_header_is_stale(output("stale_precompiled_header.clang")));
    CHECK(precompiled_header_is_stale(
        "error: PCH file built from a different branch ((clang-13)) than the compiler\n"));
    CHECK_FALSE(precompiled_header_is_stale(output("missing_semicolon.clang")));
    CHECK_FALSE(precompiled_header_is_stale(
        "/course/a.hpp:1:2: error: \"fatal error: precompiled header\"\n"
        "#error \"fatal error: precompiled header\"\n"));
    CHECK_FALSE(precompiled_header_is_stale(""));
}

}  // namespace
