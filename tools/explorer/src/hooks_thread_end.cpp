// How a thread ends: pthread_exit, cleanup handlers, the destructors of thread_local variables and
// of pthread keys.

#include <pthread.h>
#include <setjmp.h>
#include <unwind.h>

#include <cerrno>
#include <climits>

#include "fiber.hpp"
#include "memory.hpp"
#include "memory_model.hpp"
#include "outcomes.hpp"
#include "real.hpp"
#include "scheduler.hpp"
#include "thread_end.hpp"
#include "trace.hpp"

using namespace interleave::detail;

namespace {

// Keys are the system's own numbers, so that those made before explore(), by the C++ library for
// one, serve inside as well; only the values are the fibers'.
struct key_table {
    void (*destroy[most_keys])(void*) = {};
    bool made_inside[most_keys] = {};
    bool any_made_inside = false;
};
INTERLEAVE_KEEP key_table keys;

void destroy_specific(fiber& f) {
    bool again = f.has_specific;
    for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
        again = false;
        for (int k = 0; k < most_keys; ++k) {
            void* const value = f.specific[k];
            if (!value || !keys.destroy[k]) continue;
            f.specific[k] = nullptr;
            again = true;
            if (in_program(reinterpret_cast<std::uintptr_t>(keys.destroy[k]))) {
                keys.destroy[k](value);
                continue;
            }
            // The C++ library's own, which makes futures ready and drops them: what it learns and
            // gives away on the way there cannot be seen.
            library_releases();
            ignore(f, +1);
            keys.destroy[k](value);
            ignore(f, -1);
        }
    }
}

/// Called for each frame that pthread_exit leaves, innermost first.
_Unwind_Reason_Code leave_frame(int, _Unwind_Action actions, _Unwind_Exception_Class,
                                _Unwind_Exception*, _Unwind_Context* context, void*) {
    fiber& f = *rt.current;
    const bool outermost = actions & _UA_END_OF_STACK;
    auto* handler = static_cast<__pthread_unwind_buf_t*>(f.cleanup);
    if (handler && (outermost || _Unwind_GetCFA(context) > reinterpret_cast<_Unwind_Word>(handler)))
        siglongjmp(reinterpret_cast<__jmp_buf_tag*>(handler->__cancel_jmp_buf), 1);
    if (outermost) finish_thread(f.returned);
    return _URC_NO_REASON;
}

void exit_was_caught(_Unwind_Reason_Code, _Unwind_Exception*) {
    char buffer[24];
    fail(interleave::failure::crash,
         "%s catches what pthread_exit() unwinds the stack with and does not throw it again, which "
         "ends the program.",
         describe_thread(rt.current->id, buffer));
}

[[noreturn]] void unwind_thread() {
    static_assert(sizeof(_Unwind_Exception) <= sizeof(fiber::exit_exception));
    auto* exception = reinterpret_cast<_Unwind_Exception*>(rt.current->exit_exception);
    zero_bytes(exception, sizeof *exception);
    exception->exception_cleanup = exit_was_caught;
    _Unwind_ForcedUnwind(exception, leave_frame, nullptr);
    finish_thread(rt.current->returned);
}

}  // namespace

namespace interleave::detail {

void finish_thread(void* returned) {
    fiber& f = *rt.current;
    f.returned = returned;
    while (!f.destructors.empty()) {
        const pending_destructor d = f.destructors.pop();
        d.run(d.object);
    }
    destroy_specific(f);
    trace_event(operation::finish, 0, 0, 0);
    finish_current();
}

void keys_restart() noexcept {
    if (!keys.any_made_inside) return;
    keys.any_made_inside = false;
    for (int k = 0; k < most_keys; ++k) {
        if (!keys.made_inside[k]) continue;
        keys.made_inside[k] = false;
        keys.destroy[k] = nullptr;
        real().pthread_key_delete(static_cast<pthread_key_t>(k));
    }
}

}  // namespace interleave::detail

extern "C" {

void pthread_exit(void* returned) {
    if (!rt.active) real().pthread_exit(returned);
    rt.current->returned = returned;
    unwind_thread();
}

// What pthread_cleanup_push and pthread_cleanup_pop call in C.
void __pthread_register_cancel(__pthread_unwind_buf_t* buffer) {
    if (!rt.active) return real().pthread_register_cancel(buffer);
    buffer->__pad[0] = rt.current->cleanup;
    rt.current->cleanup = buffer;
}
void __pthread_unregister_cancel(__pthread_unwind_buf_t* buffer) {
    if (!rt.active) return real().pthread_unregister_cancel(buffer);
    rt.current->cleanup = buffer->__pad[0];
}
void __pthread_unwind_next(__pthread_unwind_buf_t* buffer) {
    if (!rt.active) {
        real().pthread_unwind_next(buffer);
        __builtin_unreachable();
    }
    rt.current->cleanup = buffer->__pad[0];
    unwind_thread();
}

int pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) noexcept {
    const int error = real().pthread_key_create(key, destroy);
    if (error) return error;
    if (*key >= most_keys) {
        if (!rt.active) return 0;
        real().pthread_key_delete(*key);
        return EAGAIN;
    }
    keys.destroy[*key] = destroy;
    // A library's key outlives the execution, as all of its state does.
    keys.made_inside[*key] = rt.active && in_program(INTERLEAVE_CALLER);
    keys.any_made_inside |= keys.made_inside[*key];
    return 0;
}
int pthread_key_delete(pthread_key_t key) noexcept {
    if (key < most_keys) {
        keys.destroy[key] = nullptr;
        keys.made_inside[key] = false;
        // The values of a deleted key are nobody's; a later key may get its number.
        if (rt.active)
            for (int id = 0; id < rt.count; ++id) rt.fibers[id]->specific[key] = nullptr;
    }
    return real().pthread_key_delete(key);
}
void* pthread_getspecific(pthread_key_t key) noexcept {
    if (!rt.active || key >= most_keys) return real().pthread_getspecific(key);
    return rt.current->specific[key];
}
int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
    if (!rt.active || key >= most_keys) return real().pthread_setspecific(key, value);
    // The system knows whether there is such a key.
    if (const int error = real().pthread_setspecific(key, nullptr)) return error;
    rt.current->has_specific = true;
    rt.current->specific[key] = const_cast<void*>(value);
    return 0;
}

}  // extern "C"
