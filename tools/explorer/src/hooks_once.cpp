// Things that happen once: call_once, function-local statics, destructors at thread exit.

#include <cerrno>

#include "exit_handlers.hpp"
#include "locks.hpp"
#include "real.hpp"

using namespace interleave::detail;
using interleave::failure;

namespace {

/// True: the caller runs the function and ends it with leave_once().
bool enter_once(std::uintptr_t address, const volatile int* done, std::uintptr_t pc) {
    fiber& f = *rt.current;
    cell& c = cell_of(address);
    point(c, address, true);
    sync_object& object = sync_object_in(c, address);
    while (object.busy) block(waiting::once, address, &object, -1, pc);
    acquire(f, object.release);
    if (*done) return false;
    object.busy = true;
    object.owner = static_cast<std::int16_t>(f.id);
    trace_event(operation::once_begin, address, 0, pc);
    return true;
}
void leave_once(std::uintptr_t address, std::uintptr_t pc) {
    sync_object& object = sync_object_of(address);
    object.busy = false;
    object.owner = -1;
    release_set(*rt.current, object.release);
    trace_event(operation::once_end, address, 0, pc);
}

struct once_guard {
    std::uintptr_t address, pc;
    ~once_guard() { leave_once(address, pc); }
};

std::uintptr_t number(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

}  // namespace

extern "C" {

int pthread_once(pthread_once_t* flag, void (*function)()) {
    if (!rt.active) return real().pthread_once(flag, function);
    constexpr int done = 2;  // as glibc marks it, whose flags may have been used before
    int finished = *flag == done;
    if (!enter_once(number(flag), &finished, INTERLEAVE_CALLER)) return 0;
    if (*flag == done) {
        leave_once(number(flag), INTERLEAVE_CALLER);
        return 0;
    }
    const once_guard guard{number(flag), INTERLEAVE_CALLER};
    function();
    *flag = done;
    return 0;
}

int __cxa_guard_acquire(std::uint64_t* guard) {
    if (!rt.active) return real().cxa_guard_acquire(guard);
    const auto* done = reinterpret_cast<const volatile char*>(guard);
    int finished = *done;
    if (!enter_once(number(guard), &finished, INTERLEAVE_CALLER)) return 0;
    if (*done) {
        leave_once(number(guard), INTERLEAVE_CALLER);
        return 0;
    }
    return 1;
}
void __cxa_guard_release(std::uint64_t* guard) noexcept {
    if (!rt.active) return real().cxa_guard_release(guard);
    *reinterpret_cast<volatile char*>(guard) = 1;
    leave_once(number(guard), INTERLEAVE_CALLER);
}
void __cxa_guard_abort(std::uint64_t* guard) noexcept {
    if (!rt.active) return real().cxa_guard_abort(guard);
    leave_once(number(guard), INTERLEAVE_CALLER);
}

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* library) noexcept {
    if (!rt.active) return real().cxa_thread_atexit(destroy, object, library);
    auto& destructors = rt.current->destructors;
    if (destructors.full())
        fail(failure::resource_limit, "A thread has more than 4096 thread_local objects.");
    destructors.push({destroy, object});
    return 0;
}
// Statics made in an execution are gone with it; their destructors must not run at the real exit.
int __cxa_atexit(void (*destroy)(void*), void* object, void* library) noexcept {
    if (!rt.searching || rt.active) keep_exit_handler(destroy, object);
    return rt.active ? 0 : real().cxa_atexit(destroy, object, library);
}

}  // extern "C"
