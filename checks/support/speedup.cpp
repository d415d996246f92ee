#include "support/speedup.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

namespace interleave {

namespace {

using seconds = std::chrono::duration<double>;

constexpr long items = 256;
constexpr int compute_steps = 120'000;
constexpr int most_rounds = 15;

/// Less than this on plain threads, and the machine cannot show a speedup now.
constexpr double clear_gain = 1.6;

/// More of its time than this waiting for a core, and a run says nothing about the answer.
constexpr double clear_delay = 0.05;

/// For how long the calling thread has been ready to run, in all, without a core to run on.
/// Nothing where the kernel does not tell.
std::optional<seconds> run_delay() {
    std::FILE* file = std::fopen("/proc/thread-self/schedstat", "r");
    if (file == nullptr) return std::nullopt;
    unsigned long long on_core, waiting, turns = 0;
    const int fields = std::fscanf(file, "%llu %llu %llu", &on_core, &waiting, &turns);
    std::fclose(file);
    if (fields != 3 || turns == 0) return std::nullopt;  // a kernel that does not count them
    return std::chrono::nanoseconds(waiting);
}

/// How long the threads of a run waited for a core, as their calls report it.
class delay_meter {
  public:
    /// At the end of a call. Any thread but the one that started the run; those are new, so that
    /// their whole wait belongs to it.
    void note() {
        if (std::this_thread::get_id() == caller_) return;
        note(run_delay());
    }

    /// At the end of the run, by the thread that started it.
    void note_caller() {
        const auto now = run_delay();
        note(now && before_ ? std::optional(*now - *before_) : std::nullopt);
    }

    /// Whether every thread could tell.
    bool known() const { return !unknown_; }

    seconds longest() const { return longest_; }

    /// Of the threads that the run started, if any: no more than this was lost to all of them.
    seconds shortest() const {
        seconds least = waited_.size() == 1 ? longest_ : seconds::max();
        for (const auto& [thread, delay] : waited_) {
            if (thread != caller_) least = std::min(least, delay);
        }
        return least == seconds::max() ? seconds(0) : least;
    }

  private:
    void note(std::optional<seconds> delay) {
        std::lock_guard lock(mutex_);
        unknown_ = unknown_ || !delay;
        if (!delay) return;
        longest_ = std::max(longest_, *delay);
        waited_[std::this_thread::get_id()] = *delay;
    }

    const std::thread::id caller_ = std::this_thread::get_id();
    const std::optional<seconds> before_ = run_delay();
    std::mutex mutex_;
    std::map<std::thread::id, seconds> waited_;  // guarded by mutex_ until the run has ended
    seconds longest_{0};                         // likewise
    bool unknown_ = false;                       // likewise
};

/// Half of a gain: of what is beyond 1, which is none.
double half_of(double gain) {
    return 1 + (gain - 1) / 2;
}

struct timed_run {
    double wall = 0;
    double longest_delay = 0;
    double shortest_delay = 0;
    bool delays_known = false;
    long sum = 0;

    bool undelayed() const { return delays_known && longest_delay <= clear_delay * wall; }
};

timed_run time_one(const parallel_sum& run, int threads) {
    delay_meter delays;
    timed_run result;
    const auto start = std::chrono::steady_clock::now();
    result.sum = run(items, threads, [&delays](long item) {
        const long value = compute(item);
        delays.note();
        return value;
    });
    result.wall = seconds(std::chrono::steady_clock::now() - start).count();
    delays.note_caller();
    result.delays_known = delays.known();
    result.longest_delay = delays.longest().count();
    result.shortest_delay = delays.shortest().count();
    return result;
}

long plain_loop(long count, int, const std::function<long(long)>& work) {
    long total = 0;
    for (long item = 0; item < count; ++item) total += work(item);
    return total;
}

/// What a machine can give: equal shares, nothing shared, one join.
long plain_threads(long count, int threads, const std::function<long(long)>& work) {
    std::vector<long> totals(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> running;
        running.reserve(totals.size());
        for (int thread = 0; thread < threads; ++thread) {
            running.emplace_back([&, thread] {
                long total = 0;
                for (long item = count * thread / threads; item < count * (thread + 1) / threads;
                     ++item) {
                    total += work(item);
                }
                totals[static_cast<std::size_t>(thread)] = total;
            });
        }
    }
    long total = 0;
    for (const long each : totals) total += each;
    return total;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

long compute(long item) noexcept {
    auto state = static_cast<std::uint64_t>(item) + 0x9e3779b97f4a7c15u;
    for (int i = 0; i < compute_steps; ++i) {  // xorshift64: each step needs the last one's result
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    return static_cast<long>(state >> 40);
}

int usable_cores() noexcept {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

speedup measure_speedup(const parallel_sum& answer) {
    speedup seen;
    const int cores = usable_cores();
    seen.threads = std::clamp(cores, 2, 4);
    // With fewer cores than threads they wait for one another, and that wait is part of the time.
    const bool leave_out_delay = cores >= seen.threads;
    const auto time_less_delay = [&](const timed_run& run) {
        return run.wall - (leave_out_delay ? std::min(run.shortest_delay, 0.9 * run.wall) : 0);
    };

    std::vector<double> answers;
    std::vector<double> machines;
    std::vector<double> clear_answers;
    double least_clear_machine = 0;
    // On too few cores no round is ever clear, and as many as it would take are enough to show.
    const int rounds = cores < seen.threads ? speedup::clear_rounds_wanted : most_rounds;
    const auto may_be_decided = [&] {
        const int missing = speedup::clear_rounds_wanted - seen.clear_rounds;
        return missing > 0 && missing <= most_rounds - seen.rounds;
    };
    while (seen.rounds < rounds && may_be_decided()) {
        ++seen.rounds;
        // By turns, lest a ration of processor time always end during the same one's run.
        const bool answer_first = seen.rounds % 2 == 0;
        const timed_run loop = time_one(plain_loop, seen.threads);
        const timed_run first = time_one(answer_first ? answer : plain_threads, seen.threads);
        const timed_run second = time_one(answer_first ? plain_threads : answer, seen.threads);
        const timed_run& machine = answer_first ? second : first;
        const timed_run& own = answer_first ? first : second;
        if (own.sum != loop.sum) ++seen.wrong_sums;
        answers.push_back(time_less_delay(loop) / time_less_delay(own));
        machines.push_back(time_less_delay(loop) / time_less_delay(machine));

        const double machine_gain = loop.wall / machine.wall;
        const double answer_gain = loop.wall / own.wall;
        const bool clear = cores >= seen.threads && machine_gain >= clear_gain &&
                           loop.undelayed() && machine.undelayed() &&
                           (own.undelayed() || answer_gain >= half_of(machine_gain));
        if (!clear) continue;
        ++seen.clear_rounds;
        clear_answers.push_back(answer_gain);
        least_clear_machine =
            seen.clear_rounds == 1 ? machine_gain : std::min(least_clear_machine, machine_gain);
    }
    seen.answer = median(answers);
    seen.machine = median(machines);
    seen.median_answer = median(clear_answers);
    if (!clear_answers.empty()) {
        seen.best_answer = *std::max_element(clear_answers.begin(), clear_answers.end());
        seen.required = half_of(least_clear_machine);
    }
    return seen;
}

bool speedup::conclusive() const {
    if (clear_rounds < clear_rounds_wanted) return false;
    return median_answer >= required || best_answer < required;
}

std::string speedup::why_inconclusive() const {
    if (usable_cores() < threads) {
        return "This process may use one core only, so that no speedup can show. It needs two.";
    }
    if (clear_rounds < clear_rounds_wanted) {
        return "The machine was busy: plain threads gained clearly, and nothing waited for a core, "
               "in " +
               std::to_string(clear_rounds) + " of " + std::to_string(rounds) +
               " rounds; it takes " + std::to_string(clear_rounds_wanted) +
               ". Run it again when the machine is quiet.";
    }
    return "The rounds do not agree with one another. Run it again when the machine is quiet.";
}

}  // namespace interleave
