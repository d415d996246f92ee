#include "learn/screen.hpp"

#include <catch2/catch_test_macros.hpp>

#include "terminal/fit.hpp"

namespace {

using namespace interleave;
using lines = std::vector<std::string>;

style window_of(int columns, int rows) {
    return style(false, true, columns, rows);
}

TEST_CASE("the bottom stands at the bottom and the middle fills what is left") {
    screen window(window_of(20, 6));
    window.top("title");
    window.middle("one\ntwo");
    window.bottom("status");
    CHECK(window.lines() == lines{"title", "one", "two", "", "", "status"});
}

TEST_CASE("a middle that is too long says that there is more") {
    screen window(window_of(20, 4));
    window.top("title");
    window.middle("one\ntwo\nthree\nfour");
    window.bottom("status");
    CHECK(window.lines() == lines{"title", "one", "  ...", "status"});
    screen exact(window_of(20, 3));
    exact.middle("one\ntwo\nthree");
    CHECK(exact.lines() == lines{"one", "two", "three"});
}

TEST_CASE("no window is too small: as many lines as it has, none wider") {
    for (const int rows : {1, 2, 3, 5, 8, 24}) {
        for (const int columns : {1, 2, 20, 80}) {
            screen window(window_of(columns, rows));
            for (int i = 0; i < 4; ++i) window.top("a rather long line of the top");
            for (int i = 0; i < 30; ++i) window.middle("größer \t und länger als das Fenster");
            window.bottom("lessons/01-lost-update/counter.hpp:9");
            window.bottom("keys");
            const lines shown = window.lines();
            CHECK(shown.size() == static_cast<std::size_t>(rows));
            for (const auto& line : shown) CHECK(columns_of(line) <= std::max(columns, 5));
            CHECK(shown.back() == fit("keys", columns));
        }
    }
}

TEST_CASE("painting starts at the corner, erases each line before it is written, never scrolls") {
    screen window(window_of(5, 2));
    window.middle("abcde");
    window.bottom("12345");
    CHECK(window.paint() == "\x1b[?7l\x1b[H\x1b[2Kabcde\r\n\x1b[2K12345\x1b[?7h");
}

TEST_CASE("an empty text is an empty line") {
    screen window(window_of(10, 3));
    window.top("a");
    window.top("");
    window.bottom("b");
    CHECK(window.lines() == lines{"a", "", "b"});
}

}  // namespace
