#include "course/source_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace {

using namespace interleave;

TEST_CASE("comments and the contents of texts are blanked, and every place stays where it was") {
    CHECK(code_only("a // b\nc") == "a     \nc");
    CHECK(code_only("a /* b\nc */ d") == "a     \n     d");
    CHECK(code_only("f(\"a // b\", 'c')") == "f(\"      \", ' ')");
    CHECK(code_only(R"(f("a\"b", '\'') + g)") == R"(f("    ", '  ') + g)");
    CHECK(code_only("// a\\\nb\nc") == "     \n \nc");
    CHECK(code_only("\"/*\" a \"*/\"") == "\"  \" a \"  \"");
}

TEST_CASE("digit separators do not begin a character") {
    CHECK(code_only("100'000 + 0xA'B; // c") == "100'000 + 0xA'B;     ");
    CHECK(code_only("f('a', 1'0)") == "f(' ', 1'0)");
}

TEST_CASE("a raw text ends at its own mark") {
    CHECK(code_only("R\"(a\" // )\" b") == "R" + std::string(11, ' ') + "b");
    CHECK(code_only("R\"x(a)\" )x\" // c") == "R" + std::string(15, ' '));
}

TEST_CASE("texts can be kept while comments go") {
    CHECK(without_comments("f(\"a // b\") // c") == "f(\"a // b\")     ");
    CHECK(without_comments("R\"(a // b)\" // c") == "R\"(a // b)\"     ");
}

TEST_CASE("what is cut off is read to its end") {
    for (const char* text :
         {"/*", "/", "\"", "'", "R\"", "R\"(", "\"\\", "//", "//\\", "", "'\\"}) {
        CHECK(code_only(text).size() == std::string_view(text).size());
    }
}

TEST_CASE("inclusions are found with their lines, in code only") {
    const auto found = inclusions(
        "#pragma once\n#include <vector>\n//#include <map>\n  #  include \"a/b.hpp\"  // why\n"
        "const char* s = \"#include <set>\";\n#include\n");
    REQUIRE(found.size() == 3);
    CHECK(found[0].header == "vector");
    CHECK(found[0].line == 2);
    CHECK(found[1].header == "a/b.hpp");
    CHECK(found[1].line == 4);
    CHECK(found[2].header.empty());
}

TEST_CASE("standard headers are known, others are not") {
    for (const char* header : {"algorithm", "atomic", "cstdio", "mutex", "stop_token", "version"}) {
        CHECK(is_standard_header(header));
    }
    for (const char* header : {"", "stdio.h", "unistd.h", "mutexes", "curl/curl.h", "Vector"}) {
        CHECK_FALSE(is_standard_header(header));
    }
}

TEST_CASE("a word is found as a whole") {
    CHECK(find_word("a.detach();", "detach") == 2);
    CHECK(find_word("detached(); detach", "detach") == 12);
    CHECK(find_word("my_detach", "detach") == std::string_view::npos);
}

}  // namespace
