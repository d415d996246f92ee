// What a run of rounds says of an answer. The times are made up; the machine has four cores.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "support/speedup_rounds.hpp"

namespace {

using interleave::speedup;
using interleave::speedup_rounds;
using interleave::timed_round;
using interleave::timed_run;

constexpr int threads = 4;

/// A loop takes a second.
timed_run gains(double gain) {
    return {.wall = 1 / gain, .delays_known = true};
}

/// All of its threads waited for a core for this part of the time.
timed_run delayed(timed_run run, double part) {
    run.longest_delay = run.shortest_delay = part * run.wall;
    return run;
}

timed_round round_of(timed_run answer) {
    return {.loop = gains(1), .machine = gains(3), .answer = answer};
}

/// The first of the rounds, as many as are asked for; then the last one, again and again.
speedup judge(std::vector<timed_round> given, int cores = threads) {
    speedup_rounds rounds(threads, cores);
    for (std::size_t i = 0; rounds.another(); ++i) {
        rounds.add(given[std::min(i, given.size() - 1)]);
    }
    return rounds.result();
}

bool keeps_up(const speedup& seen) {
    return seen.conclusive() && seen.median_answer >= seen.required;
}

bool falls_behind(const speedup& seen) {
    return seen.conclusive() && seen.median_answer < seen.required;
}

TEST_CASE("an answer that gains half of what plain threads gain keeps up") {
    const speedup seen = judge({round_of(gains(2))});
    CHECK(keeps_up(seen));
    CHECK(seen.rounds == speedup::clear_rounds_wanted);
    CHECK(seen.required == 2);
}

TEST_CASE("an answer that gains less, with nothing to excuse it, falls behind") {
    CHECK(falls_behind(judge({round_of(gains(1.9))})));
    CHECK(falls_behind(judge({round_of(gains(0.5))})));
}

TEST_CASE("an answer whose threads wait for a core is not judged by it") {
    const speedup seen = judge({round_of(delayed(gains(0.5), 0.1))});
    CHECK_FALSE(seen.conclusive());
    CHECK(seen.clear_rounds == 0);
    CHECK(seen.rounds < 15);  // once too few are left
    timed_run unknown = gains(0.5);
    unknown.delays_known = false;
    CHECK_FALSE(judge({round_of(unknown)}).conclusive());
}

TEST_CASE("an answer that gains enough although it was delayed keeps up") {
    CHECK(keeps_up(judge({round_of(delayed(gains(2), 0.1))})));
    CHECK(keeps_up(judge({round_of(delayed(gains(0.5), 0.1)), round_of(delayed(gains(2), 0.1))})));
}

TEST_CASE("rounds say nothing in which the machine itself is held up") {
    timed_round slow = round_of(gains(0.5));
    slow.machine = gains(1.5);
    CHECK_FALSE(judge({slow}).conclusive());
    timed_round late = round_of(gains(0.5));
    late.machine = delayed(late.machine, 0.1);
    CHECK_FALSE(judge({late}).conclusive());
    timed_round late_loop = round_of(gains(0.5));
    late_loop.loop = delayed(late_loop.loop, 0.1);
    CHECK_FALSE(judge({late_loop}).conclusive());
    // Others decide.
    CHECK(falls_behind(judge({slow, late, late_loop, round_of(gains(1.9))})));
    CHECK(keeps_up(judge({slow, late, late_loop, round_of(gains(2))})));
}

TEST_CASE("rounds that do not agree say nothing") {
    const timed_round good = round_of(gains(2)), bad = round_of(gains(1));
    CHECK_FALSE(judge({good, bad}).conclusive());
    CHECK(keeps_up(judge({bad, bad, good})));
}

TEST_CASE("what is required is measured by the machine's least gain") {
    timed_round least = round_of(gains(1.5));
    least.machine = gains(2);
    CHECK(keeps_up(judge({round_of(gains(1.5)), round_of(gains(1.5)), least})));
}

TEST_CASE("on fewer cores than threads no round counts") {
    const speedup seen = judge({round_of(gains(3))}, 1);
    CHECK_FALSE(seen.conclusive());
    CHECK(seen.rounds == speedup::clear_rounds_wanted);
}

TEST_CASE("what is shown leaves out the time for which all threads waited") {
    const speedup seen = judge({round_of(delayed(gains(1), 0.5))});
    CHECK(seen.answer == 2);
    CHECK(seen.machine == 3);
}

}  // namespace
