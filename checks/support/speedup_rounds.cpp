#include "support/speedup_rounds.hpp"

#include <algorithm>

namespace interleave {
namespace {

constexpr int most_rounds = 15;

/// Less than this on plain threads, and the machine cannot show a speedup now.
constexpr double clear_gain = 1.6;

/// More of its time than this waiting for a core, and a run says nothing about the answer.
constexpr double clear_delay = 0.05;

/// Half of a gain: of what is beyond 1, which is none.
double half_of(double gain) {
    return 1 + (gain - 1) / 2;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

bool timed_run::undelayed() const {
    return delays_known && longest_delay <= clear_delay * wall;
}

speedup_rounds::speedup_rounds(int threads, int cores) : threads_(threads), cores_(cores) {}

bool speedup_rounds::another() const {
    // On too few cores no round is ever clear, and as many as it would take are enough to show.
    const int most = cores_ < threads_ ? speedup::clear_rounds_wanted : most_rounds;
    const int missing = speedup::clear_rounds_wanted - static_cast<int>(clear_answers_.size());
    return rounds_ < most && missing > 0 && missing <= most_rounds - rounds_;
}

void speedup_rounds::add(const timed_round& round) {
    ++rounds_;
    answers_.push_back(undelayed_time(round.loop) / undelayed_time(round.answer));
    machines_.push_back(undelayed_time(round.loop) / undelayed_time(round.machine));
    if (!is_clear(round)) return;
    clear_answers_.push_back(round.loop.wall / round.answer.wall);
    clear_machines_.push_back(round.loop.wall / round.machine.wall);
}

bool speedup_rounds::is_clear(const timed_round& round) const {
    const double machine_gain = round.loop.wall / round.machine.wall;
    const double answer_gain = round.loop.wall / round.answer.wall;
    return cores_ >= threads_ && machine_gain >= clear_gain && round.loop.undelayed() &&
           round.machine.undelayed() &&
           (round.answer.undelayed() || answer_gain >= half_of(machine_gain));
}

double speedup_rounds::undelayed_time(const timed_run& run) const {
    return run.wall - (cores_ >= threads_ ? std::min(run.shortest_delay, 0.9 * run.wall) : 0);
}

speedup speedup_rounds::result() const {
    speedup seen;
    seen.threads = threads_;
    seen.answer = median(answers_);
    seen.machine = median(machines_);
    seen.rounds = rounds_;
    seen.clear_rounds = static_cast<int>(clear_answers_.size());
    seen.median_answer = median(clear_answers_);
    if (!clear_answers_.empty()) {
        seen.best_answer = *std::max_element(clear_answers_.begin(), clear_answers_.end());
        seen.required = half_of(*std::min_element(clear_machines_.begin(), clear_machines_.end()));
    }
    return seen;
}

bool speedup::conclusive() const {
    if (clear_rounds < clear_rounds_wanted) return false;
    return median_answer >= required || best_answer < required;
}

}  // namespace interleave
