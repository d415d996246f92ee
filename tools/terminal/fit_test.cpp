#include "terminal/fit.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace interleave;

TEST_CASE("a line is cut at the width, by characters and not by bytes") {
    CHECK(fit("hello", 10) == "hello");
    CHECK(fit("hello", 5) == "hello");
    CHECK(fit("hello", 3) == "hel");
    CHECK(fit("hello", 0).empty());
    CHECK(fit("größer", 4) == "größ");
    CHECK(fit("日本語", 2) == "日本");
    CHECK(fit("\xff\xfe", 1).size() <= 2);
    CHECK(fit("", 5).empty());
}

TEST_CASE("a cut is marked where there is room for more than the mark") {
    CHECK(fit("no increment may be lost", 12) == "no increm...");
    CHECK(fit("no increment", 12) == "no increment");
    CHECK(fit("no increment", 11) == "no incre...");
    CHECK(fit("no increment", 7) == "no incr");
    CHECK(fit("\x1b[31mno increment\x1b[0m", 11) == "\x1b[31mno incre...\x1b[0m");
    CHECK(fit("\tabc\tde", 9) == "    ab...");
    CHECK(fit("größer als groß", 8) == "größe...");
}

TEST_CASE("escape sequences take no room and are kept, so that a colour always ends") {
    CHECK(fit("\x1b[31mred\x1b[0m", 3) == "\x1b[31mred\x1b[0m");
    CHECK(fit("\x1b[31mred\x1b[0m", 1) == "\x1b[31mr\x1b[0m");
    CHECK(columns_of("\x1b[1mbold\x1b[0m") == 4);
    CHECK(columns_of("\x1b[") == 0);
}

TEST_CASE("a tab becomes the spaces that it stands for, and no more than there is room for") {
    CHECK(fit("\tx", 10) == "    x");
    CHECK(fit("ab\tx", 10) == "ab  x");
    CHECK(fit("abc\t\tx", 6) == "abc   ");
    CHECK(fit("abcdef\t", 3) == "abc");
}

TEST_CASE("text is broken at spaces") {
    CHECK(wrap("one two three", 7, "") == "one two\nthree");
    CHECK(wrap("one two three", 100, "  ") == "one two three");
    CHECK(wrap("one two three", 6, "  ") == "one\n  two\n  three");
    CHECK(wrap("", 10, "").empty());
    CHECK(wrap("  many   spaces ", 20, "") == "many spaces");
}

TEST_CASE("a word that is too long stands alone and is not broken, whatever the width") {
    CHECK(wrap("see lessons/01-lost-update/counter.hpp:9 now", 10, "") ==
          "see\nlessons/01-lost-update/counter.hpp:9\nnow");
    CHECK(wrap("a b", 0, "") == "a\nb");
    CHECK(wrap("a b", -5, "") == "a\nb");
}

TEST_CASE("colours do not make a line wider") {
    CHECK(wrap("\x1b[1mone\x1b[0m two", 7, "") == "\x1b[1mone\x1b[0m two");
}

}  // namespace
