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

#include "support/speedup_rounds.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace interleave {

namespace {

using seconds = std::chrono::duration<double>;

constexpr long items = 256;
constexpr int compute_steps = 120'000;

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

struct summed_run {
    timed_run time;
    long sum = 0;
};

summed_run time_one(const parallel_sum& run, int threads) {
    delay_meter delays;
    summed_run result;
    const auto start = std::chrono::steady_clock::now();
    result.sum = run(items, threads, [&delays](long item) {
        const long value = compute(item);
        delays.note();
        return value;
    });
    result.time.wall = seconds(std::chrono::steady_clock::now() - start).count();
    delays.note_caller();
    result.time.delays_known = delays.known();
    result.time.longest_delay = delays.longest().count();
    result.time.shortest_delay = delays.shortest().count();
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
    const int cores = usable_cores();
    const int threads = std::clamp(cores, 2, 4);
    speedup_rounds rounds(threads, cores);
    int wrong_sums = 0;
    for (bool answer_first = false; rounds.another(); answer_first = !answer_first) {
        // By turns, lest a ration of processor time always end during the same one's run.
        const summed_run loop = time_one(plain_loop, threads);
        const summed_run first = time_one(answer_first ? answer : plain_threads, threads);
        const summed_run second = time_one(answer_first ? plain_threads : answer, threads);
        const summed_run& machine = answer_first ? second : first;
        const summed_run& own = answer_first ? first : second;
        if (own.sum != loop.sum) ++wrong_sums;
        rounds.add({loop.time, machine.time, own.time});
    }
    speedup seen = rounds.result();
    seen.wrong_sums = wrong_sums;
    return seen;
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
