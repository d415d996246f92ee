// The explorer's figures. Three questions, one command each:
//
//   explorer_bench rates RELACY_BENCH          executions a second, beside Relacy's
//   explorer_bench found STRESS_BENCH [SEEDS]  executions until found, beside plain stress
//   explorer_bench exhausted                   correct programs exhausted at 1 and 2 preemptions

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "../tests/apart.hpp"
#include "../tests/corpus_topics.hpp"
#include "interleave/explore.hpp"
#include "programs.hpp"
#include "standard_bugs.hpp"

namespace {

using interleave::strategy;

/// The value below which `percent` of the values lie.
template <class Number>
Number percentile(std::vector<Number> values, std::size_t percent) {
    if (values.empty()) return {};
    std::ranges::sort(values);
    return values[std::max<std::size_t>((values.size() * percent + 99) / 100, 1) - 1];
}

std::string output_of(const std::string& command) {
    std::string all;
    if (std::FILE* pipe = popen(command.c_str(), "r")) {
        char buffer[256];
        while (std::fgets(buffer, sizeof buffer, pipe)) all += buffer;
        pclose(pipe);
    }
    return all;
}

double rate_of_relacy(const std::string& bench, const char* name, long executions) {
    long done = 0;
    double seconds = 0;
    const std::string line =
        output_of("'" + bench + "' " + name + " " + std::to_string(executions));
    if (std::sscanf(line.c_str(), "%ld %lf", &done, &seconds) != 2 || seconds <= 0) {
        std::fprintf(stderr, "explorer_bench: %s says nothing about %s.\n", bench.c_str(), name);
        std::exit(1);
    }
    return static_cast<double>(done) / seconds;
}

double rate_of_explorer(void (*body)(), strategy search, long executions) {
    interleave::options how;
    how.search = search;
    how.executions = executions;
    const std::clock_t start = std::clock();
    const interleave::result r = interleave::explore(body, how);
    const std::clock_t taken = std::clock() - start;
    if (!r.ok()) {
        std::puts(r.report().c_str());
        std::exit(1);
    }
    return static_cast<double>(r.executions) * CLOCKS_PER_SEC / static_cast<double>(taken);
}

/// Those that this process may run on.
std::vector<int> processors() {
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::vector<int> all;
    for (int each = 0; each < CPU_SETSIZE; ++each)
        if (CPU_ISSET(each, &allowed)) all.push_back(each);
    return all;
}

/// This process and those that it starts.
void stay_on(int processor) {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(processor, &only);
    sched_setaffinity(0, sizeof only, &only);
}

/// In processor time, and the two take turns on one processor, then on the next, so that whatever
/// else the machine does hits both.
int rates(const std::string& relacy) {
    struct row {
        const char* name;
        const char* title;
        void (*body)();
    };
    constexpr row rows[] = {{"mutex", "mutex counter, 3 x 10", mutex_counter},
                            {"atomic", "atomic counter, 3 x 20", atomic_counter},
                            {"queue", "bounded queue, 2 + 2", bounded_queue}};
    constexpr long executions = 20'000;
    const std::vector<int> places = processors();
    const std::size_t rounds = std::max<std::size_t>(6, places.size());
    std::printf("%-24s %12s %12s %12s %8s %8s\n", "executions a second", "Relacy", "random",
                "rotate", "ratio", "ratio");
    for (const row& r : rows) {
        std::vector<double> theirs, random, rotate, ratio_random, ratio_rotate;
        for (std::size_t i = 0; i < rounds; ++i) {
            stay_on(places[i % places.size()]);
            theirs.push_back(rate_of_relacy(relacy, r.name, 2 * executions));
            random.push_back(rate_of_explorer(r.body, strategy::random, executions));
            rotate.push_back(rate_of_explorer(r.body, strategy::rotate, executions));
            ratio_random.push_back(random.back() / theirs.back());
            ratio_rotate.push_back(rotate.back() / theirs.back());
        }
        std::printf("%-24s %12.0f %12.0f %12.0f %8.2f %8.2f\n", r.title, percentile(theirs, 50),
                    percentile(random, 50), percentile(rotate, 50), percentile(ratio_random, 50),
                    percentile(ratio_rotate, 50));
    }
    return 0;
}

struct search_figures {
    std::vector<long> executions;
    std::vector<double> seconds;
    int missed = 0;
};

search_figures search_for(const corpus::program& p, strategy search, int seeds) {
    search_figures all;
    for (int seed = 1; seed <= seeds; ++seed) {
        interleave::options how;
        how.search = search;
        how.executions = 10'000;
        how.seed = static_cast<std::uint64_t>(seed);
        const interleave::result r = interleave::explore(p.body, how);
        if (r.failed && std::ranges::find(p.expected, r.kind) != p.expected.end()) {
            all.executions.push_back(r.executions);
            all.seconds.push_back(r.seconds);
        } else if (++all.missed == 3) {
            break;  // a strategy that misses again and again costs minutes and tells nothing new
        }
    }
    return all;
}

int found(const std::string& stress, int seeds) {
    constexpr strategy strategies[] = {strategy::rotate, strategy::random, strategy::sticky,
                                       strategy::pct2,   strategy::pct3,   strategy::depth_first};
    std::printf("executions until found, median / 95th percentile of %d seeds;\n", seeds);
    std::puts("stress: one second on real threads, of ten such seconds, how many find it");
    std::printf("%-54s", "");
    for (const strategy s : strategies) {
        std::printf(" %15s", std::string(interleave::name(s)).c_str());
    }
    std::printf(" %10s %8s\n", "seconds", "stress");
    int number = 0;
    for (const corpus::program& each : bench::standard_bugs()) {
        ++number;
        corpus::apart({each}, 1, 600, [&](const corpus::program& p) {
            std::printf("%-54s", p.name);
            double slowest = 0;
            for (const strategy s : strategies) {
                const search_figures f = search_for(p, s, s == strategy::depth_first ? 1 : seeds);
                std::string cell = "missed";
                if (f.missed < 3 && !f.executions.empty()) {
                    cell = std::to_string(percentile(f.executions, 50)) + " / " +
                           std::to_string(percentile(f.executions, 95));
                    if (f.missed > 0) cell += " -" + std::to_string(f.missed);
                }
                if (s == strategy::rotate) slowest = percentile(f.seconds, 95);
                std::printf(" %15s", cell.c_str());
                std::fflush(stdout);
            }
            const std::string seen = output_of("'" + stress + "' " + std::to_string(number));
            std::printf(" %10.4f %8s\n", slowest, seen.substr(0, seen.find('\n')).c_str());
            return true;
        });
    }
    return 0;
}

int exhausted() {
    for (const int bound : {1, 2}) {
        int complete = 0, all = 0;
        double seconds = 0;
        for (const corpus::topic& t : corpus::correct_programs()) {
            for (const corpus::program& p : t.programs) {
                interleave::options how;
                how.search = strategy::depth_first;
                how.preemption_bound = bound;
                how.executions = 300'000;
                how.seconds = 1;
                const interleave::result r = interleave::explore(p.body, how);
                ++all;
                if (r.ok() && r.exhausted) {
                    ++complete;
                    seconds += r.seconds;
                }
            }
        }
        std::printf(
            "%d preemption%s: %d of %d exhausted within a second each, in %.1f s together\n", bound,
            bound == 1 ? "" : "s", complete, all, seconds);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "rates" && argc == 3) return rates(argv[2]);
    if (what == "found" && argc >= 3) return found(argv[2], argc > 3 ? std::atoi(argv[3]) : 100);
    if (what == "exhausted" && argc == 2) return exhausted();
    std::fputs(
        "usage: explorer_bench rates RELACY_BENCH | found STRESS_BENCH [SEEDS] | exhausted\n",
        stderr);
    return 2;
}
