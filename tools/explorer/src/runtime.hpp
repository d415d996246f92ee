#pragma once

// The state of the search and of the execution that is running. The hooks are C functions without
// a context, so there is one object of it, kept out of the memory that is set back for each
// execution. Everything runs on one kernel thread; nothing here is locked.

#include <cstdint>

#include "arch.hpp"
#include "fixed_vector.hpp"
#include "interleave/explore.hpp"
#include "library_locals.hpp"
#include "thread_set.hpp"

namespace interleave::detail {

constexpr int max_threads = thread_set::capacity;
constexpr int most_keys = 128;
constexpr std::uint32_t first_stride = 8;
constexpr std::size_t stack_size = 512 << 10;
constexpr int epoch_thread_at = 32;  ///< the bit of fiber::epoch at which the thread's id begins

/// What a fiber waits for. Who may continue is in runtime::runnable; of the watched, enabled()
/// says.
enum class waiting : std::uint8_t {
    nothing,
    mutex,
    read_lock,
    write_lock,
    condition,
    futex,
    join,
    sleep,
    once,
    semaphore,
    barrier
};

struct sync_object;

/// A choice that differs from the default one, at one thread's own operation count: a replay needs
/// nothing else, and removing one entry leaves the others meaningful.
struct decision {
    std::uint64_t operation = 0;
    std::uint16_t thread = 0;
    std::uint16_t pick = 0;  ///< the next thread's id, or the number of the alternative
    bool is_value = false;
};

struct pending_destructor {
    void (*run)(void*);
    void* object;
};

struct fiber {
    std::uint64_t operations = 0;   ///< hooks entered
    std::uint64_t stop_at = 0;      ///< the count at which a plain access must look up
    std::uint64_t plain_below = 0;  ///< below this one a plain access need only be checked
    std::uint64_t plain_until = 0;  ///< the count at which it has run long enough
    std::uint64_t epoch = 0;        ///< its own entry of its clock, and its id
    std::uint32_t* clock = nullptr;
    std::uint16_t id = 0;
    std::uint8_t place[8] = {};  ///< of its record in a cell with so many
    waiting wait = waiting::nothing;
    bool started = false, finished = false, detached = false, joined = false;
    bool woken = false, timed_out = false, yielding = false, in_signal = false;
    std::uint16_t yields = 0;  ///< in a row, with nobody else running in between
    std::uint16_t stale_wakes = 0;
    std::uint16_t streak = 0;        ///< scheduling points since it was switched to
    std::uint16_t stale_streak = 0;  ///< loads in a row that returned an old value
    std::uint16_t stale_of_one = 0;  ///< of these, the last ones that were of one variable
    int ignore_depth = 0;
    long priority = 0;
    std::int64_t deadline = -1;  ///< virtual nanoseconds; -1: none
    std::uintptr_t wait_address = 0;
    sync_object* wait_object = nullptr;
    std::uintptr_t wait_pc = 0;
    std::uint32_t wait_value = 0;
    std::uintptr_t pending = 0;  ///< the address of the operation it is about to do
    bool pending_read = false;
    std::uint32_t decision_at = 0;  ///< the next entry of its own in the replayed schedule

    std::uint32_t* acquire_pending = nullptr;  ///< learnt by relaxed loads, for a later fence
    std::uint32_t* release_fence = nullptr;
    std::uintptr_t stale_place = 0;  ///< that variable

    void* stack_pointer = nullptr;
    std::uintptr_t thread_pointer = 0;  ///< 0: it has none of its own
    library_locals locals;              ///< while it does not run, and has none of its own
    char* stack = nullptr;              ///< lowest address; the guard page is below
    void* (*start)(void*) = nullptr;
    void* argument = nullptr;
    void* returned = nullptr;
    fixed_vector<pending_destructor> destructors;
    fixed_vector<std::uintptr_t> calls;  ///< return addresses; only kept while tracing
    void* specific[most_keys] = {};      ///< values of pthread keys
    bool has_specific = false;
    void* cleanup = nullptr;  ///< the innermost cleanup handler's buffer
    alignas(16) char exit_exception[64];
    std::uintptr_t created_pc = 0;
};

/// How this execution chooses.
enum class chooser : std::uint8_t { random, sticky, pct, depth_first, replay };
/// Not at random: the execution has a path to follow.
inline bool is_guided(chooser how) noexcept {
    return how >= chooser::depth_first;
}

struct plan {
    chooser how = chooser::random;
    bool spawn_first = false;     ///< a thread that starts others is not preempted by them at once
    bool weak = false;            ///< loads may be stale
    int changes = 0;              ///< priority changes, for pct
    bool ignore_yields = false;   ///< a few yields in a row change nothing
    bool indulgent = false;       ///< who goes round may do so for a good part of the execution
    bool exchanges_fail = false;  ///< weak exchanges fail often, so that several in a row may
};

enum class ending : std::uint8_t { running, done, failed, pruned, grown };

constexpr std::uint16_t nobody = 0xffff;

struct failure_record {
    failure kind = failure::none;
    char message[768] = {};
    const char* file = nullptr;
    int line = 0;
    std::uintptr_t address = 0;
    std::uint16_t thread = nobody, other_thread = nobody;
    std::uint32_t other_clock = 0;
    std::uintptr_t pc = 0;
};

struct runtime {
    bool searching = false;  ///< inside explore()
    bool active = false;     ///< program code is running inside an execution
    bool tracing = false;
    fiber* current = nullptr;
    std::uint32_t generation = 0;  ///< of the execution; stamps make clearing unnecessary

    // threads
    fiber* fibers[max_threads] = {};
    int made = 0, count = 0, alive = 0;
    thread_set runnable;  ///< may go on: not blocked, or what they wait for has come
    thread_set blocked;
    thread_set watched;  ///< of the blocked, those of which nobody says when they may go on
    void* driver_stack_pointer = nullptr;
    std::uintptr_t driver_thread_pointer = 0;
    switch_function switch_to = nullptr;
    bool own_thread_pointers = false;  ///< each fiber has one
    library_places places{};
    char* stacks = nullptr;
    std::uintptr_t ended_stacks = 0;       ///< the lowest stack of a thread that has ended
    std::uintptr_t ended_stacks_size = 0;  ///< from there to the end of all stacks

    // this execution
    options how;
    plan now;
    ending end = ending::running;
    failure_record failed;
    failure_record race;  ///< the first one of this execution, if any
    std::uint64_t race_decisions = 0;
    long steps = 0, points = 0;
    long expected_points = 50;
    std::int64_t time = 0;
    std::uint64_t random_state = 1;
    fixed_vector<decision> decisions;
    bool flags_grew = false;  ///< a location was seen shared for the first time
    int preemptions = 0;
    std::uint32_t stride = first_stride;  ///< entries of a vector clock
    void (*body)(void*) = nullptr;
    void* context = nullptr;
    const char* caller_frame = nullptr;  ///< of explore(): where its caller's variables begin
    bool body_finished = false;
    bool weak_seen = false;                ///< the program uses orders weaker than seq_cst
    bool spawning = false;                 ///< at the scheduling point after a thread was created
    fixed_vector<std::uintptr_t> touched;  ///< by the running segment; for sleep sets
    bool touched_all = false;
};

// Hidden, so that the hooks reach it without a detour through the table of global symbols.
[[gnu::visibility("hidden")]] extern runtime rt;

/// The fiber looks up at this count of operations.
inline void set_stop(fiber& f, std::uint64_t at) noexcept {
    f.stop_at = at;
    f.plain_below = rt.tracing || f.ignore_depth ? 0 : at;
}
/// What the fiber accesses is none of the program's business (+1), or is again (-1).
inline void ignore(fiber& f, int change) noexcept {
    f.ignore_depth += change;
    set_stop(f, f.stop_at);
}

/// Marks variables that are not set back for each execution.
#define INTERLEAVE_KEEP __attribute__((section("interleave_keep")))
#define INTERLEAVE_CALLER reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))

/// Ends the execution as a failure; does not return to the program.
[[noreturn]] void fail(failure kind, const char* format, ...) __attribute__((format(printf, 2, 3)));
/// Leaves the running fiber for good.
[[noreturn]] void leave(ending how);

inline std::uint64_t next_random() noexcept {
    std::uint64_t x = rt.random_state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    rt.random_state = x;
    return x * 0x2545F4914F6CDD1Dull >> 24;
}
inline unsigned random_below(unsigned n) noexcept {
    return static_cast<unsigned>((next_random() & 0xffffffffu) * n >> 32);
}

}  // namespace interleave::detail
