#include "learn/story_view.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>

#include "terminal/fit.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;

story_event step(int thread, std::string operation, std::string object, std::string value) {
    story_event made;
    made.thread = thread;
    made.operation = std::move(operation);
    made.object = std::move(object);
    made.value = std::move(value);
    made.file = "/course/lessons/02/account.hpp";
    made.line = 15;
    made.text = "return cents_;";
    return made;
}

story overdraft() {
    story told;
    told.threads = 3;
    told.events.push_back(step(0, "starts", "thread 1", ""));
    told.events.push_back(step(1, "locks", "mutex_", ""));
    told.events.back().takes = "mutex_";
    told.events.push_back(step(1, "reads", "cents_", "100"));
    told.events.push_back(step(1, "unlocks", "mutex_", ""));
    told.events.back().gives_up = "mutex_";
    told.events.push_back(step(2, "writes", "cents_", "40"));
    return told;
}

std::string text(const story_view& view, const style& look = style(), int rows = 40) {
    std::string all;
    for (const std::string& line : view.page(look, rows)) all += line + "\n";
    return all;
}

TEST_CASE("a story is stepped through from its first step to its last, and stops there") {
    story_view view(overdraft(), "It does not hold.");
    CHECK_THAT(text(view), ContainsSubstring("Step 1 of 4: thread 1 locks mutex_"));
    view.backward();
    CHECK_THAT(text(view), ContainsSubstring("Step 1 of 4"));
    for (int i = 0; i < 9; ++i) view.forward();
    CHECK_THAT(text(view), ContainsSubstring("Step 4 of 4: thread 2 writes 40 to cents_"));
    CHECK_THAT(text(view), ContainsSubstring("It does not hold."));
    view.to_the_beginning();
    CHECK_THAT(text(view), ContainsSubstring("Step 1 of 4"));
    CHECK_THAT(text(view), !ContainsSubstring("It does not hold."));
    view.to_the_end();
    CHECK_THAT(text(view), ContainsSubstring("Step 4 of 4"));
}

TEST_CASE("each step shows what the threads hold and what was read and written by then") {
    story_view view(overdraft(), "");
    CHECK_THAT(text(view), ContainsSubstring("thread 1: at account.hpp:15, holds mutex_"));
    CHECK_THAT(text(view), ContainsSubstring("thread 2: has not begun"));
    view.forward();
    CHECK_THAT(text(view), ContainsSubstring("cents_ = 100"));
    view.to_the_end();
    CHECK_THAT(text(view), ContainsSubstring("thread 1: at account.hpp:15\n"));
    CHECK_THAT(text(view), ContainsSubstring("cents_ = 40"));
}

TEST_CASE("a page fits the window, however small") {
    story_view view(overdraft(), "A sentence that is longer than the window is wide.");
    view.to_the_end();
    for (const int columns : {1, 20, 80}) {
        for (const int rows : {1, 5, 40}) {
            const auto page = view.page(style(false, true, columns, rows), rows);
            CHECK(static_cast<int>(page.size()) <= rows);
            CHECK(std::all_of(page.begin(), page.end(), [columns](const std::string& line) {
                return columns_of(line) <= columns;
            }));
        }
    }
    CHECK(story_view().empty());
    CHECK(story_view().page(style(), 10).empty());
}

}  // namespace
