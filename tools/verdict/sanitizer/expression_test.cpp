#include <catch2/catch_test_macros.hpp>

#include "expression.hpp"
#include "places.hpp"
#include "text.hpp"

namespace interleave::sanitizer {
namespace {

/// The expression at the mark ^, which is not part of the line.
std::string at_mark(std::string line) {
    const std::size_t mark = line.find('^');
    line.erase(mark, 1);
    return expression_at(line, mark + 1);
}

TEST_CASE("clang's column leads to what is read or written") {
    CHECK(at_mark("hits ^= hits + 1;") == "hits");
    CHECK(at_mark("^++value_;") == "value_");
    CHECK(at_mark("counts[key]^++;") == "counts[key]");
    CHECK(at_mark("task->done ^= true;") == "task->done");
    CHECK(at_mark("if (ready) points_[player + 1] ^+= 10;") == "points_[player + 1]");
    CHECK(at_mark("return ^balance_;") == "balance_");
    CHECK(at_mark("return task->^done;") == "task->done");
    CHECK(at_mark("results.^push_back(value);") == "results");
    CHECK(at_mark("config.pages->^insert(value);") == "config.pages");
    CHECK(at_mark("*slot ^= 3;") == "*slot");
    CHECK(at_mark("(*slot).size ^= 3;") == "(*slot).size");
}

TEST_CASE("a column that leads nowhere gives no expression") {
    CHECK(at_mark("^run();").empty());
    CHECK(at_mark("^}").empty());
    CHECK(at_mark("^return 3;").empty());
    CHECK(expression_at("short", 99).empty());
    CHECK(expression_at("", 1).empty());
    CHECK(expression_at("a", 0).empty());
}

TEST_CASE("without a column the name that both lines share is the variable") {
    CHECK(shared_name("void increment() { ++value_; }", "void increment() { ++value_; }") ==
          "value_");
    CHECK(shared_name("balance_ += amount;", "long balance() const { return balance_; }") ==
          "balance_");
    CHECK(shared_name("task->done = true;", "bool poll(const job* task) { return task->done; }") ==
          "done");
    CHECK(shared_name("for (int i = 0; i < 9; ++i) total += n[i];",
                      "for (int i = 9; i < 20; ++i) total += n[i];") == "total");
    CHECK(shared_name("settings.retries = 7;", "settings.limit += settings.retries;") == "retries");
    CHECK(shared_name("points_[player] += 10;", "return points_[0];") == "points_");
}

TEST_CASE("two possible names, or none, give no name") {
    CHECK(shared_name("use(first, second);", "use(second, first);").empty());
    CHECK(shared_name("a = 1;", "b = 2;").empty());
    CHECK(shared_name("a = b = 1;", "return a + b;").empty());
    CHECK(shared_name("log(\"value\"); // value", "print(\"value\"); // value").empty());
    CHECK(shared_name("", "").empty());
}

TEST_CASE("a line that locks names its mutex") {
    CHECK(mutex_in("std::lock_guard lock(balance_mutex_);") == "balance_mutex_");
    CHECK(mutex_in("const std::scoped_lock<std::mutex> lock{from.mutex};") == "from.mutex");
    CHECK(mutex_in("std::unique_lock lock(mutex_, std::defer_lock);") == "mutex_");
    CHECK(mutex_in("std::shared_lock lock(pages_);") == "pages_");
    CHECK(mutex_in("  out_.lock();") == "out_");
    CHECK(mutex_in("pthread_mutex_lock(&door);") == "door");
    CHECK(mutex_in("std::scoped_lock both(from.mutex, to.mutex);").empty());
    CHECK(mutex_in("work();").empty());
}

TEST_CASE("function names lose what a beginner need not see") {
    CHECK(short_function("counter::increment()") == "counter::increment()");
    CHECK(short_function("main") == "main()");
    CHECK(short_function("main::$_0::operator()() const") == "a lambda in main()");
    CHECK(short_function("worker::worker()::'lambda'()::operator()() const") ==
          "a lambda in worker::worker()");
    CHECK(short_function("worker::worker()::{lambda()#1}::operator()() const") ==
          "a lambda in worker::worker()");
    CHECK(short_function("operator()") == "a lambda");
    CHECK(short_function("sum(std::vector<long, std::allocator<long> > const&)::$_1::operator()() "
                         "const") == "a lambda in sum()");
    CHECK(short_function("void std::__invoke_impl<void, main::$_1>(std::__invoke_other, "
                         "main::$_1&&)") == "std::__invoke_impl()");
    CHECK(short_function("std::map<int, int>::operator[](int const&)") == "std::map::operator[]()");
    CHECK(short_function("(anonymous namespace)::visit(int)") == "visit()");
    CHECK(short_function("operator delete(void*)") == "operator delete()");
    CHECK(short_function("").empty());
}

TEST_CASE("printable text has nothing that moves a cursor or hides letters") {
    CHECK(printable("a\x1b[31mred\x1b[0m b") == "ared b");
    CHECK(printable("a\x1b]0;title\x07z") == "az");
    CHECK(printable(std::string_view("a\0b\rc\x7f", 6)) == "abc");
    CHECK(printable("tab\there") == "tab here");
    CHECK(printable("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
    CHECK(printable("x\xe2\x80\xaey") == "xy");
    CHECK(printable("x\xc2\x9by") == "xy");
    CHECK(printable("bad \xff\xc3") == "bad ??");
    CHECK(printable(std::string(20000, 'x')).size() == 8192);
}

TEST_CASE("sentences are wrapped at words") {
    CHECK(wrap("one two three", 7) == "one two\nthree\n");
    CHECK(wrap("one two", 0) == "one two\n");
    CHECK(wrap("one two", 5, 2) == "  one\n  two\n");
    CHECK(wrap("unbreakable", 4) == "unbreakable\n");
    CHECK(wrap("", 4) == "\n");
}

}  // namespace
}  // namespace interleave::sanitizer
