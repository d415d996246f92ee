#pragma once

/// Runs a small concurrent scenario under many thread interleavings and says which one breaks it.
///
///     auto found = interleave::explore([] {
///         int value = 0;
///         std::thread a([&] { ++value; }), b([&] { ++value; });
///         a.join();
///         b.join();
///         EXPECT(value == 2);
///     });
///     if (!found.ok()) std::puts(found.report().c_str());
///
/// The same call works with both libraries behind this header: the explorer, which controls the
/// schedule (the program is compiled with -fsanitize=thread and linked with interleave_explorer
/// instead of the sanitizer's runtime), and the fallback, which repeats the body on real threads.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "interleave/story.hpp"

namespace interleave {

/// How the next thread is chosen wherever there is a choice.
enum class strategy {
    rotate,       ///< depth-first while it pays, then all the others in turn
    random,       ///< any enabled thread, at every step
    sticky,       ///< stay on the running thread three times of four
    pct2,         ///< random priorities, one priority change (probabilistic concurrency testing)
    pct3,         ///< random priorities, two priority changes
    depth_first,  ///< every schedule with at most `preemption_bound` preemptions, in order
};

/// What went wrong.
enum class failure {
    none,
    wrong_result,        ///< an EXPECT or assert() was false
    race,                ///< two conflicting accesses, not ordered by happens-before
    deadlock,            ///< no thread can continue
    self_deadlock,       ///< a thread locks a mutex that it already holds
    lost_wakeup,         ///< a thread sleeps on a condition, and was or will be told by nobody
    hang,                ///< a thread runs for ever without reaching a scheduling point
    livelock,            ///< threads keep each other busy for ever, or spin on what never comes
    crash,               ///< a signal, abort() or std::terminate()
    stack_overflow,      ///< a thread's stack is exhausted
    leak,                ///< memory that nothing refers to was left at the end
    use_after_free,      ///< access to freed memory, or to the stack of a finished thread
    double_free,         ///< freed twice, or not from the heap
    bad_unlock,          ///< a lock released by a thread that does not hold it
    uncaught_exception,  ///< an exception left a thread or the body
    unjoined_thread,     ///< a joinable std::thread was destroyed
    exit,                ///< the program ended the process
    outside_world,       ///< a call that waits for something which is not a thread of the body
    step_limit,          ///< the execution is longer than `max_steps`
    resource_limit,      ///< too many threads or too much memory for the explorer
    nondeterminism,      ///< the recorded schedule does not fit the program
};

/// The kind's name as written in reports and verdicts, such as "lost-wakeup".
[[nodiscard]] std::string_view name(failure kind) noexcept;
/// The strategy's name, such as "depth-first".
[[nodiscard]] std::string_view name(strategy which) noexcept;

/// The environment overrides five of these, so that a runner can replay a program that it did not
/// write: INTERLEAVE_EXECUTIONS, INTERLEAVE_SECONDS, INTERLEAVE_SEED, INTERLEAVE_STRATEGY and
/// INTERLEAVE_SCHEDULE.
struct options {
    strategy search = strategy::rotate;
    std::uint64_t seed = 1;  ///< same seed, same program: same verdict and same story
    /// How often the body is run at most. 0: ten thousand times, and a short one more often, which
    /// takes a second or two.
    long executions = 0;
    double seconds = 30;       ///< of processor time; a search cut short by it says `out_of_time`
    int preemption_bound = 2;  ///< for depth_first
    long max_steps = 20'000;   ///< scheduling points in one execution
    bool spurious_wakeups = true;      ///< condition variables wake now and then without a notify
    bool stale_reads = true;           ///< weakly ordered loads may return older values
    bool races = true;                 ///< report data races (they are found either way)
    bool whole_program = false;        ///< the body is a main(): exit(0) is a right end of it
    bool leaks = true;                 ///< report memory that is left at the end
    long continue_after_race = 2'000;  ///< executions that still look for the wrong result
    std::string schedule;              ///< a recorded schedule to replay, once; empty: search
    /// Sources whose path contains one of these are the harness's: a story names the lines that
    /// called them, not theirs.
    std::vector<std::string> harness;
};

struct [[nodiscard]] result {
    bool failed = false;
    failure kind = failure::none;
    std::string message;  ///< one or two sentences
    std::string file;     ///< where, in the program's own source; may be empty
    int line = 0;
    interleave::story story;
    std::string schedule;  ///< replays the failure: options::schedule or INTERLEAVE_SCHEDULE
    std::string output;    ///< what the failing execution printed, at most 16 KiB of it
    int preemptions = 0;   ///< in the schedule that is told
    long executions = 0;
    long replays = 0;  ///< further ones, to make the failing schedule shorter
    double seconds = 0;
    bool exhausted = false;    ///< every schedule within the preemption bound was run
    bool out_of_time = false;  ///< ended by options::seconds
    bool sampled = false;      ///< the fallback: real threads, interleavings not controlled
    /// A data race was seen as well, in the execution that failed or in one before it. The kind is
    /// then what the race led to.
    bool raced = false;
    std::uint64_t seed = 0;

    [[nodiscard]] bool ok() const noexcept { return !failed; }
    /// The whole as text of at most about 45 lines of 100 columns, without colour.
    [[nodiscard]] std::string report() const;
};

/// The result as lines of JSON, for another program to read: an object with "event": "exploration",
/// then the parts of its story, "story_thread", "story_step" and "story_end". When
/// INTERLEAVE_RESULTS names a file, every call of explore() appends these lines to it.
[[nodiscard]] std::vector<std::string> json_lines(const result&);

/// True when explore() decides what interleaves; false where it repeats the body on real threads,
/// so that globals and statics keep what an execution left in them.
[[nodiscard]] bool controls_interleavings() noexcept;

namespace detail {
using body_function = void (*)(void*);
result run(body_function body, void* context, const options& how);
void expect(bool holds, const char* expression, const char* file, int line);
/// True inside an execution of the explorer.
[[nodiscard]] bool exploring() noexcept;
}  // namespace detail

/// Runs the body under one schedule after the other until one fails or the budget is used up.
///
/// The body owns its state: it creates what it needs, starts and joins its threads, and checks
/// with EXPECT. Globals and function-local statics are set back before each execution. Call it on
/// the main thread, while no other thread is running; calls cannot be nested. Failures of the
/// body come back in the result; it throws std::invalid_argument for options that make no sense.
template <class Body>
result explore(Body&& body, const options& how = {}) {
    auto call = [&body] { body(); };
    return detail::run([](void* context) { (*static_cast<decltype(call)*>(context))(); }, &call,
                       how);
}

}  // namespace interleave

/// States what must hold, on any thread of the body. When it does not, the execution ends there.
#ifndef EXPECT
#define EXPECT(...) \
    ::interleave::detail::expect(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#endif
