#pragma once
#include <vector>

#include "support/speedup.hpp"

namespace interleave {

/// One run by the clock, and how long its threads waited for a core. Seconds.
struct timed_run {
    double wall = 0;
    double longest_delay = 0;   ///< Of all threads.
    double shortest_delay = 0;  ///< Of those that the run started: lost to all of them.
    bool delays_known = false;

    bool undelayed() const;
};

/// A plain loop, plain threads and the answer, one after the other.
struct timed_round {
    timed_run loop, machine, answer;
};

/// What the rounds say, and how many it takes. Deterministic: the times come from outside.
class speedup_rounds {
  public:
    /// For so many threads, on so many cores.
    speedup_rounds(int threads, int cores);

    /// Whether another round could make a difference.
    bool another() const;
    void add(const timed_round& round);
    speedup result() const;

  private:
    bool is_clear(const timed_round& round) const;
    /// Less the time that all threads waited; with fewer cores than threads they wait for one
    /// another, and that wait is part of the time.
    double undelayed_time(const timed_run& run) const;

    const int threads_, cores_;
    int rounds_ = 0;
    std::vector<double> answers_, machines_;
    std::vector<double> clear_answers_, clear_machines_;
};

}  // namespace interleave
