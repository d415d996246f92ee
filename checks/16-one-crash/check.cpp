#include "process_pool.hpp"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <future>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/at_rest.hpp"
#include "support/descendants.hpp"
#include "support/few_descriptors.hpp"
#include "support/process_gate.hpp"
#include "support/shared.hpp"

namespace {

using strings = std::vector<std::string>;

/// Each outcome in a word: its value, or "failed" when there is an error instead.
template <class R>
strings in_words(const std::vector<lesson::outcome<R>>& outcomes) {
    strings words;
    for (const lesson::outcome<R>& each : outcomes) {
        const std::optional<R> value = each.value;
        const std::string error = each.error;
        if (value) {
            words.push_back(std::to_string(*value));
        } else {
            words.push_back(error.empty() ? "neither a value nor an error" : "failed");
        }
    }
    return words;
}

/// What the calls and the check tell each other, whichever process they are in.
struct board {
    explicit board(int meeting_of = 0) : meeting(meeting_of) {}
    interleave::process_gate gate;     ///< The check opens it.
    interleave::process_gate meeting;  ///< Opens when as many have come as were wanted.
    std::array<std::atomic<int>, 32> calls{};
    std::array<std::atomic<int>, 32> processes{};
    std::atomic<int> finished = 0;
};

struct pair_board : board {
    pair_board() : board(2) {}
};

/// The board of the case under way; set before its pool is made, so that the workers have it.
board* notes = nullptr;

template <class Board = board>
struct noted {
    interleave::shared<Board> here;
    noted() { notes = here.get(); }
    ~noted() { notes = nullptr; }
    Board* operator->() const { return here.get(); }
};

const pid_t the_program = ::getpid();

/// Gives deadly signals their default action in a worker: what catches them here, Catch2 or a
/// sanitizer, would report the worker's death as the program's.
void die_in_silence() {
    if (::getpid() == the_program) return;
    for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, SIG_DFL);
}

// Ways to end a process in the middle of a call, as items.
constexpr long aborts = -1;
constexpr long is_killed = -2;
constexpr long faults = -3;
constexpr long leaves_with_3 = -4;
constexpr long leaves_with_0 = -5;
constexpr std::array ways_to_die{aborts, is_killed, faults, leaves_with_3, leaves_with_0};

[[noreturn]] void die(long way) {
    die_in_silence();
    if (way == is_killed) std::raise(SIGKILL);
    if (way == faults) std::raise(SIGSEGV);
    if (way == leaves_with_3) ::_exit(3);
    if (way == leaves_with_0) ::_exit(0);
    std::abort();
}

long square(long number) {
    if (number < 0) die(number);
    return number * number;
}

double area(int width, double height) {
    return width * height;
}

long quotient(long dividend, long divisor) {
    if (divisor == 0) ::_exit(4);
    return dividend / divisor;
}

long picky(long number) {
    if (number == 7) throw std::runtime_error("7 is not for me");
    return number;
}

long throws_a_number(long number) {
    die_in_silence();
    if (number == 7) throw 42;
    return number;
}

/// Item n is noted as the n-th, and held until the check opens the gate.
long held(long number) {
    const auto place = static_cast<std::size_t>(number);
    notes->calls[place].fetch_add(1);
    notes->processes[place] = ::getpid();
    notes->gate.visit();
    notes->finished.fetch_add(1);
    return number * number;
}

/// Items below zero are ways to die; those above ten are held until the check opens the meeting.
long held_or_dies(long number) {
    if (number < 0) die(number);
    if (number < 10) return held(number);
    notes->meeting.visit();
    return number * number;
}

/// The held one does not count as finished.
long held_if(bool held, long number) {
    if (held) {
        notes->gate.visit();
    } else {
        notes->finished.fetch_add(1);
    }
    return number * number;
}

long held_if_first(long number) {
    return held_if(number == 0, number);
}

long held_if_second(long number) {
    return held_if(number == 1, number);
}

long counted(long number) {
    notes->finished.fetch_add(1);
    return number;
}

/// Two calls meet; then the second one dies, and the first one is held.
long neighbour(long number) {
    if (number < 2) notes->meeting.visit();
    if (number == 1) die(is_killed);
    if (number == 0) notes->gate.visit();
    notes->finished.fetch_add(1);
    return number * number;
}

long meets_another(long left, long right) {
    notes->meeting.visit();
    return left + right;
}

long counted_and_dies(long place) {
    notes->calls[static_cast<std::size_t>(place)].fetch_add(1);
    if (place % 3 == 1) die(ways_to_die[static_cast<std::size_t>(place) % ways_to_die.size()]);
    return place;
}

int written_by_calls = 0;

long writes_a_variable(long number) {
    written_by_calls = 1;
    return ::getpid() + number;
}

/// Many of the small ones fill a channel; a large one does not fit into a pipe.
template <std::size_t Size>
struct parcel {
    std::array<char, Size> bytes;
};

/// The two ends change places, and all between them is the first one.
template <std::size_t Size>
parcel<Size> turned(parcel<Size> item) {
    parcel<Size> result;
    result.bytes.fill(item.bytes.front());
    result.bytes.front() = item.bytes.back();
    return result;
}

/// Checks that so many parcels, each with its number at the front, come back as they should.
template <std::size_t Size>
void turn_parcels(int workers, std::size_t count) {
    lesson::process_pool pool(workers, turned<Size>);
    std::vector<parcel<Size>> items(count);
    for (std::size_t i = 0; i < count; ++i) {
        items[i].bytes.fill('-');
        items[i].bytes.front() = static_cast<char>(i % 100);
        items[i].bytes.back() = 'z';
    }
    const auto outcomes = pool.map(items);
    REQUIRE(outcomes.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
        CAPTURE(i);
        const std::optional<parcel<Size>> value = outcomes[i].value;
        REQUIRE(value);
        const parcel<Size> expected = turned(items[i]);
        const bool whole = std::memcmp(&*value, &expected, sizeof expected) == 0;
        REQUIRE(whole);
    }
}

/// Eight items for three workers, held: one run that several cases look at.
struct held_run {
    bool came_back = false;  ///< map_async did, while its items were held.
    int arrived = 0;         ///< Calls under way when nothing moved any more.
    std::set<int> processes;
    strings results;

    held_run() {
        noted board;
        lesson::process_pool pool(3, held);
        std::future<std::vector<lesson::outcome<long>>> later =
            pool.map_async({0, 1, 2, 3, 4, 5, 6, 7});
        interleave::at_rest::wait_for([&] { return board->gate.arrived() >= 3; });
        interleave::at_rest::wait();
        arrived = board->gate.arrived();
        came_back = !board->gate.given_up();
        for (const auto& each : board->processes) {
            if (each != 0) processes.insert(each);
        }
        board->gate.open();
        results = in_words(later.get());
    }
};

const held_run& observed() {
    static const held_run run;
    return run;
}

std::size_t open_descriptors() {
    DIR* const folder = ::opendir("/proc/self/fd");
    std::size_t count = 0;
    while (::readdir(folder) != nullptr) ++count;
    ::closedir(folder);
    return count;
}

/// Whether this process has no child, running or unburied.
bool childless() {
    return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

/// A pool that has done some work, and has lost some workers, comes and goes.
void use_a_pool() {
    lesson::process_pool pool(3, square);
    pool.map({1, 2, is_killed, 4, aborts, leaves_with_0, 5});
    pool.map_async({faults, 2, 3}).get();
}

const interleave::shared<std::atomic<int>> exits;
const int registered = std::atexit([] {
    if (::getpid() != the_program) exits->fetch_add(1);
});

TEST_CASE("each item's value stands where the item stood") {
    lesson::process_pool pool(4, square);
    std::vector<long> items;
    strings expected;
    for (long i = 0; i < 60; ++i) {
        items.push_back(i);
        expected.push_back(std::to_string(i * i));
    }
    CHECK(in_words(pool.map(items)) == expected);
}

TEST_CASE("starmap spreads each item over the parameters") {
    lesson::process_pool pool(2, area);
    const std::vector<std::tuple<int, double>> items{{2, 1.5}, {3, 0.25}, {0, 7.0}};
    CHECK(in_words(pool.starmap(items)) == strings{"3.000000", "0.750000", "0.000000"});
}

TEST_CASE("a pool does one map after another, of any number of items") {
    lesson::process_pool pool(3, square);
    CHECK(in_words(pool.map({})) == strings{});
    CHECK(in_words(pool.map({5})) == strings{"25"});
    CHECK(in_words(pool.map({5, 0})) == strings{"25", "0"});
    CHECK(in_words(pool.starmap({{1}, {2}, {3}, {4}, {5}, {6}, {7}})) ==
          strings{"1", "4", "9", "16", "25", "36", "49"});
    CHECK(in_words(pool.map_async({}).get()) == strings{});
    CHECK(in_words(pool.map_async({9, 8, 7}).get()) == strings{"81", "64", "49"});
}

TEST_CASE("an exception is the error of its item, and its words arrive", "[lost-exception]") {
    lesson::process_pool pool(2, picky);
    const auto outcomes = pool.map({6, 7, 8, 7, 9});
    CHECK(in_words(outcomes) == strings{"6", "failed", "8", "failed", "9"});
    REQUIRE(outcomes.size() == 5);
    CHECK(std::string(outcomes[1].error) == "7 is not for me");
    CHECK(std::string(outcomes[3].error) == "7 is not for me");
    CHECK(std::string(outcomes[4].error).empty());
}

TEST_CASE("of an exception's many words as many arrive as fit", "[lost-exception]") {
    lesson::process_pool pool(
        2, +[](long) -> long { throw std::runtime_error(std::string(500, 'x')); });
    const auto failed = pool.map({1, 2});
    REQUIRE(failed.size() == 2);
    for (const auto& each : failed) {
        const std::string_view error(each.error, ::strnlen(each.error, sizeof each.error));
        CHECK(error.size() < sizeof each.error);
        CHECK(error.starts_with("xxxxxxxx"));
    }
}

TEST_CASE("a call that aborts is the error of its item, and of no other") {
    lesson::process_pool pool(2, square);
    CHECK(in_words(pool.map({1, 2, aborts, 4, 5, 6})) ==
          strings{"1", "4", "failed", "16", "25", "36"});
}

TEST_CASE("a call that ends its process in any other way is the error of its item, too") {
    lesson::process_pool pool(2, square);
    for (const long way : ways_to_die) {
        CAPTURE(way);
        CHECK(in_words(pool.map({1, 2, way, 4, 5, 6})) ==
              strings{"1", "4", "failed", "16", "25", "36"});
    }
    lesson::process_pool thrower(2, throws_a_number);
    CHECK(in_words(thrower.map({6, 7, 8})) == strings{"6", "failed", "8"});
    lesson::process_pool divider(1, quotient);
    CHECK(in_words(divider.starmap({{6, 3}, {1, 0}, {8, 2}})) == strings{"2", "failed", "4"});
}

TEST_CASE("more calls than workers may crash") {
    for (const int workers : {1, 2}) {
        CAPTURE(workers);
        lesson::process_pool pool(workers, square);
        CHECK(in_words(pool.map({is_killed, 1, aborts, leaves_with_0, is_killed, 2, leaves_with_3,
                                 aborts, faults, 3, is_killed, is_killed})) ==
              strings{"failed", "1", "failed", "failed", "failed", "4", "failed", "failed",
                      "failed", "9", "failed", "failed"});
        CHECK(in_words(pool.map({aborts, aborts, aborts})) == strings(3, "failed"));
        CHECK(in_words(pool.map({4, 5})) == strings{"16", "25"});
    }
}

TEST_CASE("any number of calls may crash") {
    lesson::process_pool pool(2, square);
    CHECK(in_words(pool.map(std::vector<long>(140, is_killed))) == strings(140, "failed"));
    CHECK(in_words(pool.map({4, 5})) == strings{"16", "25"});
}

TEST_CASE("no item is tried twice") {
    noted board;
    lesson::process_pool pool(2, counted_and_dies);
    pool.map({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    for (std::size_t i = 0; i < 13; ++i) {
        CAPTURE(i);
        CHECK(board->calls[i] == 1);
    }
}

TEST_CASE("the calls are made in other processes, and change nothing in this one") {
    lesson::process_pool pool(2, writes_a_variable);
    const auto outcomes = pool.map({0, 0, 0, 0});
    REQUIRE(outcomes.size() == 4);
    for (const auto& each : outcomes) {
        const std::optional<long> process = each.value;
        REQUIRE(process);
        CHECK(*process != ::getpid());
    }
    CHECK(written_by_calls == 0);
}

TEST_CASE("map_async comes back while its items are worked on", "[no-overlap]") {
    CHECK(observed().came_back);
    CHECK(observed().results == strings{"0", "1", "4", "9", "16", "25", "36", "49"});
}

TEST_CASE("as many items are worked on at the same time as there are workers", "[no-overlap]") {
    CHECK(observed().arrived >= 3);
}

TEST_CASE("no more items are worked on at the same time than there are workers",
          "[too-many-threads]") {
    CHECK(observed().arrived <= 3);
}

TEST_CASE("items that are worked on at the same time are in different processes") {
    CHECK(observed().processes.size() == static_cast<std::size_t>(observed().arrived));
    CHECK(observed().processes.count(::getpid()) == 0);
}

TEST_CASE("the items of a map_async are done before anybody asks for them", "[no-overlap]") {
    noted board;
    lesson::process_pool pool(2, counted);
    auto later = pool.map_async({1, 2, 3, 4, 5, 6});
    interleave::at_rest::wait_for([&] { return board->finished == 6; });
    const int finished = board->finished;
    CHECK(finished == 6);
    CHECK(in_words(later.get()) == strings{"1", "2", "3", "4", "5", "6"});
}

TEST_CASE("a starmap works on two items at the same time", "[no-overlap]") {
    noted<pair_board> board;
    lesson::process_pool pool(2, meets_another);
    CHECK(in_words(pool.starmap({{1, 2}, {3, 4}})) == strings{"3", "7"});
    CHECK_FALSE(board->meeting.given_up());
}

TEST_CASE("a long call does not keep all other items waiting", "[no-overlap]") {
    noted board;
    lesson::process_pool pool(2, held_if_second);
    auto later = pool.map_async({0, 1, 2, 3});
    interleave::at_rest::wait_for([&] { return board->finished == 3; });
    const int beside_the_long_one = board->finished;
    CHECK(beside_the_long_one >= 2);
    board->gate.open();
    later.get();
}

TEST_CASE("the values keep the order of the items, whichever is ready first") {
    noted board;
    lesson::process_pool pool(2, held_if_first);
    auto later = pool.map_async({0, 1, 2, 3});
    interleave::at_rest::wait_for([&] { return board->finished == 3; });
    interleave::at_rest::wait();
    board->gate.open();
    CHECK(in_words(later.get()) == strings{"0", "1", "4", "9"});
}

TEST_CASE("a crash ends no call that is under way beside it") {
    noted<pair_board> board;
    lesson::process_pool pool(2, neighbour);
    auto later = pool.map_async({0, 1, 2, 3});
    interleave::at_rest::wait_for([&] { return board->gate.arrived() > 0; });
    interleave::at_rest::wait();
    board->gate.open();
    CHECK(in_words(later.get()) == strings{"0", "failed", "4", "9"});
}

TEST_CASE("after crashes in a map_async there are as many workers as before", "[no-overlap]") {
    noted board;
    lesson::process_pool pool(3, held_or_dies);
    auto crashing = pool.map_async({is_killed, aborts, leaves_with_3, faults, 0, 1, 2, 3});
    // All that came for the lost ones are at work now: they may not go with the map's thread.
    interleave::at_rest::wait_for([&] { return board->gate.arrived() >= 3; });
    interleave::at_rest::wait();
    board->gate.open();
    CHECK(in_words(crashing.get()) ==
          strings{"failed", "failed", "failed", "failed", "0", "1", "4", "9"});
    auto later = pool.map_async({10, 11, 12, 13});
    interleave::at_rest::wait_for([&] { return board->meeting.arrived() >= 3; });
    interleave::at_rest::wait();
    CHECK(board->meeting.arrived() == 3);
    board->meeting.open();
    CHECK(in_words(later.get()) == strings{"100", "121", "144", "169"});
}

TEST_CASE("more bytes of items and values pass than a channel can hold") {
    turn_parcels<2'000>(1, 160);
}

TEST_CASE("large items and values stay whole, whoever else sends at the same time") {
    turn_parcels<150'000>(6, 60);
}

TEST_CASE("while a pool lives, it does not leave a zombie behind for each item",
          "[unjoined-thread]") {
    lesson::process_pool pool(2, square);
    pool.map(std::vector<long>(16, 1));
    pool.map(std::vector<long>(8, is_killed));
    // Who has crashed may be waited for at the end.
    interleave::at_rest::wait_for([] { return interleave::descendants().zombies <= 10; });
    const int zombies = interleave::descendants().zombies;
    CHECK(zombies <= 10);
}

TEST_CASE("a pool leaves no process behind", "[unjoined-thread]") {
    { lesson::process_pool unused(2, square); }
    CHECK(childless());
    use_a_pool();
    CHECK(childless());
}

TEST_CASE("no process that a pool's processes have started outlives the pool",
          "[unjoined-thread]") {
    const interleave::foster_parent here;
    use_a_pool();
    interleave::at_rest::wait_for([] { return interleave::descendants().alive == 0; });
    const int alive = interleave::descendants().alive;
    CHECK(alive == 0);
}

TEST_CASE("a pool leaves no descriptor open", "[leak]") {
    const std::size_t before = open_descriptors();
    use_a_pool();
    const std::size_t after = open_descriptors();
    CHECK(after == before);
}

TEST_CASE("many items need no more descriptors than a few", "[leak]") {
    const interleave::few_descriptors limit(32);
    lesson::process_pool pool(2, square);
    std::vector<long> items(80, 3);
    strings expected(items.size(), "9");
    for (std::size_t i = 0; i < items.size(); i += 10) {
        items[i] = is_killed;
        expected[i] = "failed";
    }
    CHECK(in_words(pool.map(items)) == expected);
}

TEST_CASE("the workers leave without doing what the program does at its end") {
    use_a_pool();
    CHECK(registered == 0);
    CHECK(*exits == 0);
}

}  // namespace
