#pragma once
#include <functional>
#include <string>

namespace interleave {

/// Adds up work(0) ... work(items - 1) on so many threads.
using parallel_sum =
    std::function<long(long items, int threads, const std::function<long(long item)>& work)>;

/// How much sooner several threads finish than one, as measured beside the same work on plain
/// threads. All are ratios: the time of a plain loop by the time on `threads` threads.
///
/// Only clear rounds can decide: those in which the plain threads gained clearly, and in which the
/// answer gained half of that, or else no thread of it had to wait for a core, which would excuse
/// it. An answer falls behind only when, in enough of them, not one shows half of the gain that the
/// plain threads had in every one.
struct speedup {
    int threads = 0;
    double answer = 0;   ///< Median of all rounds, less the time that all threads waited. Shown.
    double machine = 0;  ///< The same of the plain threads.
    int wrong_sums = 0;

    int rounds = 0;
    int clear_rounds = 0;
    double best_answer = 0;    ///< Of the clear rounds, by the clock alone.
    double median_answer = 0;  ///< Of the clear rounds, by the clock alone.
    double required = 0;       ///< Half of the least gain of the plain threads in clear rounds.

    /// Whether this run says anything: enough clear rounds, and these agree with one another.
    bool conclusive() const;

    /// A sentence for the learner.
    std::string why_inconclusive() const;

    static constexpr int clear_rounds_wanted = 5;
};

/// Measures in rounds of three runs: a plain loop, plain threads, the answer. Takes 1 to 6 s. The
/// number of threads is that of the cores which this process may use, at least 2 and at most 4.
/// Main thread only, alone on the machine for a result.
speedup measure_speedup(const parallel_sum& answer);

/// A little computation in registers, some tenths of a millisecond: shares nothing, waits for
/// nothing. Any thread.
long compute(long item) noexcept;

/// The cores that this process may use.
int usable_cores() noexcept;

}  // namespace interleave
