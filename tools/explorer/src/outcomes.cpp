#include "outcomes.hpp"

#include <signal.h>
#include <sys/time.h>

#include <cxxabi.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

#include "early_heap.hpp"
#include "fiber.hpp"
#include "memory.hpp"
#include "output_guard.hpp"
#include "real.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

// Where std::atomic::wait() of libstdc++ sleeps, for types that are no futex themselves: a counter
// for each of sixteen groups of addresses, two cache lines apart. Null where the program has none.
extern "C" [[gnu::weak]] char interleave_waiter_pool[] asm(
    "_ZZNSt8__detail18__waiter_pool_base6_S_forEPKvE3__w");
constexpr std::size_t waiter_pool_size = 16 * 128;

namespace interleave::detail {

void fail(failure kind, const char* format, ...) {
    if (!rt.active && rt.end == ending::running && !rt.current) {
        // Before any execution: nothing to leave. The driver looks at rt.failed.
    }
    rt.active = false;
    if (rt.end == ending::running) {
        rt.end = ending::failed;
        rt.failed.kind = kind;
        if (rt.current && rt.failed.thread == nobody) rt.failed.thread = rt.current->id;
        va_list arguments;
        va_start(arguments, format);
        std::vsnprintf(rt.failed.message, sizeof rt.failed.message, format, arguments);
        va_end(arguments);
        if (!std::strncmp(rt.failed.message, "thread ", 7) ||
            !std::strncmp(rt.failed.message, "the main thread ", 16))
            rt.failed.message[0] = 'T';
    }
    if (rt.tracing) trace_settle();
    leave(ending::failed);
}

namespace {

const char* what_for(waiting w) {
    switch (w) {
        case waiting::mutex:
            return "a mutex";
        case waiting::read_lock:
            return "a read lock";
        case waiting::write_lock:
            return "a write lock";
        case waiting::condition:
            return "a notification";
        case waiting::futex:
            return "an atomic variable to change";
        case waiting::join:
            return "a thread to end";
        case waiting::sleep:
            return "time to pass";
        case waiting::once:
            return "a one-time initialization";
        case waiting::semaphore:
            return "a semaphore";
        case waiting::barrier:
            return "a barrier";
        case waiting::nothing:
            break;
    }
    return "nothing";
}

bool in_waiter_pool(std::uintptr_t address) {
    const auto begin = reinterpret_cast<std::uintptr_t>(interleave_waiter_pool);
    return begin && address - begin < waiter_pool_size;
}

}  // namespace

bool wake_stale_semaphores() {
    bool any = false;
    rt.blocked.for_each([&](int id) {
        fiber& f = *rt.fibers[id];
        if (f.wait != waiting::futex || f.woken) return;
        const int value = *reinterpret_cast<volatile int*>(f.wait_address);
        if (value <= 0 || static_cast<std::uint32_t>(value) != f.wait_value) return;
        if (in_waiter_pool(f.wait_address)) return;
        // Woken once without a reason; a sleeper that is not a semaphore's goes back to sleep.
        if (f.stale_wakes++ > 3) return;
        wake(f);
        any = true;
    });
    return any;
}

void report_deadlock() {
    int conditions = 0, futexes = 0, locks = 0, others = 0, stuck = -1;
    bool notified = false, in_vain = false, only_detached = rt.body_finished;
    rt.blocked.for_each([&](int id) {
        const fiber& f = *rt.fibers[id];
        // The one that was last to stop says most; who waits for the end of others, nothing.
        if (f.wait != waiting::join && (stuck < 0 || &f == rt.current)) stuck = id;
        switch (f.wait) {
            case waiting::condition:
            case waiting::futex:
                ++(f.wait == waiting::condition ? conditions : futexes);
                notified |= f.wait_object->notified > 0;
                in_vain |= f.wait_object->in_vain > 0;
                break;
            case waiting::join:
                break;
            case waiting::mutex:
            case waiting::read_lock:
            case waiting::write_lock:
                ++locks;
                break;
            default:
                ++others;
        }
    });
    // The process ends with the body; a thread that waits for work for ever is no failure then.
    if (only_detached && locks == 0) leave(ending::done);
    if (stuck >= 0) {
        rt.failed.thread = static_cast<std::uint16_t>(stuck);
        rt.failed.pc = rt.fibers[stuck]->wait_pc;
        rt.failed.address = rt.fibers[stuck]->wait_address;
    }
    char buffer[24];
    char list[512] = {};
    std::size_t used = 0;
    rt.blocked.for_each([&](int id) {
        const fiber& f = *rt.fibers[id];
        if (used + 120 > sizeof list) return;
        char other[24];
        used += static_cast<std::size_t>(std::snprintf(list + used, sizeof list - used,
                                                       "%s%s waits for ", used ? ", " : "",
                                                       describe_thread(id, buffer)));
        if (f.wait == waiting::join)
            used += static_cast<std::size_t>(
                std::snprintf(list + used, sizeof list - used, "%s to end",
                              describe_thread(static_cast<int>(f.wait_address), other)));
        else
            used += static_cast<std::size_t>(
                std::snprintf(list + used, sizeof list - used, "%s%s", what_for(f.wait),
                              f.wait == waiting::read_lock && f.wait_object->owner < 0
                                  ? " behind a writer that waits"
                                  : ""));
        if (f.wait_object && f.wait_object->owner >= 0)
            used += static_cast<std::size_t>(std::snprintf(
                list + used, sizeof list - used, " that %s%s holds",
                describe_thread(f.wait_object->owner, other),
                rt.fibers[f.wait_object->owner]->finished ? ", which has ended," : ""));
    });
    const char* tail = used + 120 > sizeof list ? ", and so on" : "";
    const bool asleep = conditions + futexes > 0 && locks == 0 && others == 0;
    if (asleep && notified && !in_vain)
        fail(failure::lost_wakeup,
             "Every notification woke a thread that waited, and none follows: %s%s.", list, tail);
    if (asleep && notified)
        fail(failure::lost_wakeup,
             "A notification was given while it could not be heard, and none follows: %s%s.", list,
             tail);
    // Behind a futex there may be a promise, a latch or a semaphore, where nothing went lost.
    if (asleep)
        fail(futexes == 0 ? failure::lost_wakeup : failure::deadlock,
             "No thread can continue, and the notification was never given: %s%s.", list, tail);
    fail(failure::deadlock, "No thread can continue: %s%s.", list, tail);
}

void report_too_long() {
    int spinning = 0;
    rt.runnable.for_each(
        [&](int id) { spinning += !rt.blocked.has(id) && rt.fibers[id]->operations > 500; });
    char buffer[24];
    if (rt.blocked.empty() ? spinning > 0 : true)
        fail(failure::livelock,
             "After %ld steps the threads are still going round: %s spins for something that does "
             "not come, or the scenario is too long (the limit is options::max_steps).",
             rt.how.max_steps, describe_thread(rt.current->id, buffer));
    fail(failure::step_limit, "The execution has more than %ld steps. Let the scenario do less.",
         rt.how.max_steps);
}

// ---- signals and std::terminate

namespace {

constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
constexpr int watch_signal_offset = 3;

struct watch {
    struct sigaction before[sizeof fatal_signals / sizeof *fatal_signals];
    struct sigaction watch_before;
    stack_t stack_before;
    timer_t timer;
    char* alternate = nullptr;
    long last_step = -1;
    std::uint64_t last_operation = 0;
    std::int64_t last_cpu = 0;
    int quiet = 0, idle = 0;
    long execution_seen = -1;
};
INTERLEAVE_KEEP watch w;

constexpr std::size_t alternate_size = 256 << 10;

void on_fatal_signal(int number, siginfo_t* info, void* context) {
    if (number == SIGSEGV && early_heap_written(reinterpret_cast<std::uintptr_t>(info->si_addr)))
        return;
    if (!rt.active || !rt.current) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    char buffer[24];
    const char* who = describe_thread(rt.current->id, buffer);
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    rt.failed.pc = interrupted_at(context) + 1;
    if (!in_program(rt.failed.pc)) release_streams();
    if (number == SIGSEGV && in_stack_guard(address))
        fail(failure::stack_overflow,
             "%s has used up its stack (%zu KiB): endless recursion, or a very large local "
             "variable.",
             who, stack_size >> 10);
    rt.failed.address = address;
    if ((number == SIGSEGV || number == SIGBUS) && address < 4096)
        fail(failure::crash, "%s follows a null pointer (%s).", who, strsignal(number));
    if (number == SIGSEGV || number == SIGBUS)
        fail(failure::crash, "%s accesses memory that is not there (%s).", who, strsignal(number));
    fail(failure::crash, "%s is ended by a signal: %s.", who, strsignal(number));
}

std::int64_t cpu_time() {
    timespec t{};
    real().clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000'000ll + t.tv_nsec;
}

// Every 100 ms: has the program been computing all the time without reaching a hook?
void on_watch(int, siginfo_t*, void* context) {
    if (!rt.active || !rt.current) return;
    const std::int64_t cpu = cpu_time();
    const std::uint64_t operations = rt.current->operations;
    const bool moved = rt.steps != w.last_step || operations != w.last_operation ||
                       static_cast<long>(rt.generation) != w.execution_seen;
    if (moved) {
        w.last_step = rt.steps;
        w.last_operation = operations;
        w.execution_seen = static_cast<long>(rt.generation);
        w.last_cpu = cpu;
        w.quiet = 0;
        return;
    }
    ++w.quiet;
    char buffer[24];
    const std::uintptr_t pc = interrupted_at(context);
    const std::int64_t used = cpu - w.last_cpu;
    if (used > 400'000'000 && (in_program(pc) || used > 2'000'000'000)) {
        rt.failed.pc = pc + 1;
        if (!in_program(pc)) release_streams();
        fail(failure::hang,
             "%s runs in an endless loop: it computes and computes without reaching anything that "
             "another thread could see or change.",
             describe_thread(rt.current->id, buffer));
    }
    if (w.quiet > 50 && used < 100'000'000)
        fail(failure::outside_world,
             "%s is inside a system call that waits for something outside the explorer's world.",
             describe_thread(rt.current->id, buffer));
}

[[noreturn]] void on_terminate() {
    if (!rt.active) real().abort();
    const bool traced = rt.tracing;
    char buffer[24], text[400] = {};
    const int id = rt.current->id;
    trace_event(operation::blocked, 0, 0, INTERLEAVE_CALLER);
    if (std::current_exception()) {
        const std::type_info* type = abi::__cxa_current_exception_type();
        rt.active = false;
        try {
            throw;
        } catch (const std::exception& e) {
            std::snprintf(text, sizeof text, ": %s", e.what());
        } catch (...) {
            int status = 1;
            char* name =
                type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, &status) : nullptr;
            std::snprintf(text, sizeof text, " of type %s", status == 0 ? name : "unknown");
            free(name);
        }
        rt.active = true;
        rt.tracing = traced;
        if (id == 0) fail(failure::uncaught_exception, "An exception leaves the body%s.", text);
        fail(failure::uncaught_exception,
             "An exception leaves %s, or a destructor or noexcept function in it%s.",
             describe_thread(id, buffer), text);
    }
    bool joinable = false;
    for (int t = 1; t < rt.count; ++t) joinable |= !rt.fibers[t]->joined && !rt.fibers[t]->detached;
    if (joinable)
        fail(failure::unjoined_thread,
             "%s destroys a std::thread that was neither joined nor detached, which ends the "
             "program (std::terminate).",
             describe_thread(id, buffer));
    fail(failure::crash, "%s calls std::terminate().", describe_thread(id, buffer));
}

}  // namespace

outcome_guard::outcome_guard() {
    if (!w.alternate)
        w.alternate = static_cast<char*>(mmap(nullptr, alternate_size, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    stack_t alternate{};
    alternate.ss_sp = w.alternate;
    alternate.ss_size = alternate_size;
    sigaltstack(&alternate, &w.stack_before);
    struct sigaction action {};
    action.sa_sigaction = on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (std::size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; ++i)
        sigaction(fatal_signals[i], &action, &w.before[i]);
    action.sa_sigaction = on_watch;
    action.sa_flags |= SA_RESTART;
    sigaction(SIGRTMIN + watch_signal_offset, &action, &w.watch_before);
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN + watch_signal_offset;
    timer_create(CLOCK_MONOTONIC, &event, &w.timer);
    const itimerspec every{{0, 100'000'000}, {0, 100'000'000}};
    timer_settime(w.timer, 0, &every, nullptr);
    w.last_step = -1;
    terminate_before_ = std::set_terminate(on_terminate);
}

outcome_guard::~outcome_guard() {
    std::set_terminate(terminate_before_);
    timer_delete(w.timer);
    sigaction(SIGRTMIN + watch_signal_offset, &w.watch_before, nullptr);
    for (std::size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; ++i)
        sigaction(fatal_signals[i], &w.before[i], nullptr);
    sigaltstack(&w.stack_before, nullptr);
}

}  // namespace interleave::detail
