// Runs the corpus: every must-find program has to be found with the default budget and each of
// several seeds, every correct program has to stay clean for a given number of executions.

#include <getopt.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "apart.hpp"
#include "corpus.hpp"
#include "corpus_topics.hpp"

namespace {

using corpus::print;
using corpus::program;
using interleave::failure;

enum class mode { none, list, find, blame, repeat };

struct request {
    mode what = mode::none;
    std::string filter;
    int seeds = 3;
    std::uint64_t seed = 1;
    long executions = 2000;
    int limit = 100;  ///< seconds of processor time for one program, all its seeds together
    int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    bool reports = false;
};

constexpr const char* usage =
    "usage: explorer_corpus --list | --find | --blame | --repeat  [FILTER] [OPTION]...\n"
    "  --list            the programs and what is expected of them\n"
    "  --find            every wrong program is found, with the default budget\n"
    "  --blame           no correct program is blamed\n"
    "  --repeat          every wrong program: same seed, same story, three times; then replayed\n"
    "  FILTER            only programs whose topic or name contains this\n"
    "  --seeds N         --find: with each of the seeds 1 to N (3)\n"
    "  --seed N          --blame: the seed (1)\n"
    "  --executions N    --blame: executions of each program (2000)\n"
    "  --limit SECONDS   of processor time that one program may take (100)\n"
    "  --jobs N          programs run at a time (as many as there are processors)\n"
    "  --reports         print the report of each failure, also of the expected ones\n";

std::string names_of(const std::vector<failure>& kinds) {
    std::string all;
    for (const failure kind : kinds) {
        if (!all.empty()) all += " or ";
        all += interleave::name(kind);
    }
    return all;
}

void explain(const interleave::result& r, std::uint64_t seed) {
    std::printf("        seed %llu, %ld executions%s: %s %s\n",
                static_cast<unsigned long long>(seed), r.executions,
                r.out_of_time ? " (out of time)" : "",
                r.failed ? std::string(interleave::name(r.kind)).c_str() : "nothing found",
                r.message.c_str());
}

void print_report(const interleave::result& r) {
    if (r.failed) std::printf("%s\n", r.report().c_str());
}

/// The value below which `percent` of the (sorted) values lie.
long percentile(const std::vector<long>& sorted, int percent) {
    if (sorted.empty()) return 0;
    const std::size_t rank = (sorted.size() * static_cast<std::size_t>(percent) + 99) / 100;
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

bool is_expected(const program& p, const interleave::result& r) {
    return r.failed && std::ranges::find(p.expected, r.kind) != p.expected.end();
}

bool find(const program& p, const request& how) {
    std::vector<long> executions;
    double slowest = 0;
    bool missed = false;
    for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(how.seeds); ++seed) {
        interleave::options options;
        options.seed = seed;
        const interleave::result r = interleave::explore(p.body, options);
        slowest = std::max(slowest, r.seconds);
        if (is_expected(p, r)) {
            executions.push_back(r.executions);
        } else {
            if (!missed) {
                print("MISSED", "expected " + names_of(p.expected), p);
                explain(r, seed);
                if (how.reports) print_report(r);
            }
            missed = true;
        }
        if (how.reports && seed == 1 && is_expected(p, r)) print_report(r);
    }
    std::ranges::sort(executions);
    char figures[96];
    std::snprintf(figures, sizeof figures, "%zu of %d, median %ld, p95 %ld, at most %.3f s",
                  executions.size(), how.seeds, percentile(executions, 50),
                  percentile(executions, 95), slowest);
    print(missed ? "        " : "found", figures, p);
    return !missed;
}

/// Where the correct programs run on real threads, ThreadSanitizer is their judge. Of these it
/// knows nothing, or only half: fences, pthread_mutex_clocklock, what libstdc++.so and libatomic do
/// unseen, the threads of C11, and that the second try of a static initialization comes after the
/// first, which failed; and it hangs when an exception passes call_once.
constexpr std::string_view beyond_thread_sanitizer[] = {
    "a detached thread says when it is done",
    "a recursive timed mutex is locked with a time limit",
    "a timed mutex is given up on",
    "a timed mutex is tried until a point in time",
    "the holder of a timed mutex sleeps",
    "call_once is tried again after an exception",
    "a shared timed mutex is tried with a time limit",
    "a static initialization fails once and is tried again",
    "an exception is carried to the reader",
    "a broken promise is caught",
    "a value is set at thread exit",
    "a packaged_task is ready at thread exit",
    "sixteen bytes publish what they point to",
    "a struct too large for the machine is atomic, too",
    "two fences publish a value",
    "a release fence meets an acquire load",
    "a release store meets an acquire fence after a loop",
    "an owner count is decremented with release and a fence",
    "thieves and the owner never share a task",
    "an atomic<shared_ptr> is replaced and read",
    "an atomic<shared_ptr> is exchanged in a loop",
    "C: an error-checking mutex says what is wrong",
    "C11: threads return their results",
    "C11: two threads count under a mutex",
    "C11: a recursive mutex is locked twice",
    "C11: a timed lock gives up",
    "C11: items pass through a buffer",
    "C11: a function is called once",
    "C11: each thread has its storage",
    "C11: a thread leaves in the middle",
};

bool explores() {
    interleave::options how;
    how.executions = 1;
    return !interleave::explore([] {}, how).sampled;
}

bool leave_in_peace(const program& p, const request& how) {
    interleave::options options;
    options.seed = how.seed;
    options.executions = how.executions;
    options.seconds = how.limit;
    const bool sampled = !explores();
    if (sampled && p.once_only) options.executions = 1;
    const interleave::result r = interleave::explore(p.body, options);
    // The fallback runs fewer executions than it is asked for.
    const bool complete = r.exhausted || sampled || r.executions >= how.executions;
    char figures[96];
    std::snprintf(figures, sizeof figures, "%ld executions%s, %.0f a second", r.executions,
                  r.exhausted ? " (exhausted)" : "",
                  r.seconds > 0 ? static_cast<double>(r.executions) / r.seconds : 0.0);
    print(r.ok() && complete ? "clean" : r.ok() ? "UNDONE" : "BLAMED", figures, p);
    if (!r.ok()) {
        explain(r, how.seed);
        print_report(r);
    }
    return r.ok() && complete;
}

bool same(const interleave::result& a, const interleave::result& b) {
    return a.failed == b.failed && a.kind == b.kind && a.message == b.message &&
           a.story.text == b.story.text && a.schedule == b.schedule && a.executions == b.executions;
}

bool repeat(const program& p, const request& how) {
    interleave::options options;
    options.seed = how.seed;
    const interleave::result first = interleave::explore(p.body, options);
    for (int again = 0; again < 2; ++again) {
        const interleave::result next = interleave::explore(p.body, options);
        if (!same(first, next)) {
            print("DIFFERS", "the same seed gives another result", p);
            explain(first, how.seed);
            explain(next, how.seed);
            if (how.reports) print_report(first), print_report(next);
            return false;
        }
    }
    options.schedule = first.schedule;
    const interleave::result replayed = interleave::explore(p.body, options);
    if (!first.failed || first.schedule.empty() || replayed.kind != first.kind ||
        replayed.story.text != first.story.text) {
        print("DIFFERS", "the recorded schedule gives another result", p);
        explain(first, how.seed);
        explain(replayed, how.seed);
        if (how.reports) print_report(first), print_report(replayed);
        return false;
    }
    char figures[96];
    std::snprintf(figures, sizeof figures, "%ld executions, %d preemptions, %zu characters",
                  first.executions, first.preemptions, first.schedule.size());
    print("same", figures, p);
    return true;
}

bool matches(const corpus::topic& t, const program& p, const std::string& filter) {
    return std::string_view(p.name).find(filter) != std::string_view::npos ||
           std::string_view(t.name).find(filter) != std::string_view::npos;
}

void list(const std::vector<corpus::topic>& topics, const std::string& filter) {
    for (const corpus::topic& t : topics) {
        for (const program& p : t.programs) {
            if (!matches(t, p, filter)) continue;
            std::printf("%s: %s: %s\n", t.name, p.name,
                        p.expected.empty() ? "correct" : names_of(p.expected).c_str());
        }
    }
}

int run(const request& how) {
    const auto& judge = how.what == mode::find    ? find
                        : how.what == mode::blame ? leave_in_peace
                                                  : repeat;
    const std::vector<program> nothing{{"an empty body", [] {}}};
    const bool sampled = how.what == mode::blame &&
                         corpus::apart(nothing, 1, how.limit, [](auto&) { return explores(); }) > 0;
    std::vector<program> asked_for;
    int skipped = 0;
    for (const corpus::topic& t :
         how.what == mode::blame ? corpus::correct_programs() : corpus::wrong_programs()) {
        for (const program& p : t.programs) {
            if (!matches(t, p, how.filter)) continue;
            if (sampled && std::ranges::find(beyond_thread_sanitizer, p.name) !=
                               std::end(beyond_thread_sanitizer)) {
                print("skipped", "ThreadSanitizer cannot judge it", p);
                ++skipped;
                continue;
            }
            asked_for.push_back(p);
        }
    }
    if (asked_for.empty() && skipped == 0) {
        std::fprintf(stderr, "explorer_corpus: no program matches \"%s\"; --list shows them all.\n",
                     how.filter.c_str());
        return 2;
    }
    const int failed = corpus::apart(asked_for, how.jobs, how.limit,
                                     [&](const program& p) { return judge(p, how); });
    if (skipped > 0) std::printf("%d skipped\n", skipped);
    std::printf("%zu passed, %d failed\n", asked_for.size() - static_cast<std::size_t>(failed),
                failed);
    return failed == 0 ? 0 : 1;
}

template <class Number>
Number parse(const char* option, const char* text) {
    Number n = 0;
    const char* end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, n);
    if (error != std::errc() || stop != end || n < 1) {
        std::fprintf(stderr, "explorer_corpus: --%s wants a number from 1 on, not \"%s\".\n",
                     option, text);
        std::exit(2);
    }
    return n;
}

request parse(int argc, char** argv) {
    enum {
        list_it = 1,
        find_it,
        blame_it,
        repeat_it,
        seeds,
        seed,
        executions,
        limit,
        jobs,
        reports
    };
    const option known[] = {{"list", no_argument, nullptr, list_it},
                            {"find", no_argument, nullptr, find_it},
                            {"blame", no_argument, nullptr, blame_it},
                            {"repeat", no_argument, nullptr, repeat_it},
                            {"seeds", required_argument, nullptr, seeds},
                            {"seed", required_argument, nullptr, seed},
                            {"executions", required_argument, nullptr, executions},
                            {"limit", required_argument, nullptr, limit},
                            {"jobs", required_argument, nullptr, jobs},
                            {"reports", no_argument, nullptr, reports},
                            {}};
    request how;
    for (int which = 0; (which = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
        switch (which) {
            case list_it:
                how.what = mode::list;
                break;
            case find_it:
                how.what = mode::find;
                break;
            case blame_it:
                how.what = mode::blame;
                break;
            case repeat_it:
                how.what = mode::repeat;
                break;
            case seeds:
                how.seeds = parse<int>("seeds", optarg);
                break;
            case seed:
                how.seed = parse<std::uint64_t>("seed", optarg);
                break;
            case executions:
                how.executions = parse<long>("executions", optarg);
                break;
            case limit:
                how.limit = parse<int>("limit", optarg);
                break;
            case jobs:
                how.jobs = parse<int>("jobs", optarg);
                break;
            case reports:
                how.reports = true;
                break;
            default:
                how.what = mode::none;
                return how;
        }
    }
    if (optind < argc) how.filter = argv[optind++];
    if (optind < argc) how.what = mode::none;
    return how;
}

}  // namespace

int main(int argc, char** argv) {
    const request how = parse(argc, argv);
    switch (how.what) {
        case mode::none:
            std::fputs(usage, stderr);
            return 2;
        case mode::list:
            list(corpus::wrong_programs(), how.filter);
            list(corpus::correct_programs(), how.filter);
            return 0;
        default:
            return run(how);
    }
}
