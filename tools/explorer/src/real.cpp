#include <cstdint>

#include "real.hpp"

#include <dlfcn.h>

#include "runtime.hpp"

namespace interleave::detail {
namespace {
INTERLEAVE_KEEP real_functions functions;
INTERLEAVE_KEEP bool found;

template <class Function>
void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}
}  // namespace

const real_functions& real() noexcept {
    if (__builtin_expect(found, 1)) return functions;
#define X(name) find(functions.name, #name);
    INTERLEAVE_REAL_FUNCTIONS(X)
#undef X
    find(functions.cxa_guard_acquire, "__cxa_guard_acquire");
    find(functions.cxa_guard_release, "__cxa_guard_release");
    find(functions.cxa_guard_abort, "__cxa_guard_abort");
    find(functions.cxa_thread_atexit, "__cxa_thread_atexit");
    find(functions.cxa_atexit, "__cxa_atexit");
    find(functions.cxa_allocate_exception, "__cxa_allocate_exception");
    find(functions.pthread_register_cancel, "__pthread_register_cancel");
    find(functions.pthread_unregister_cancel, "__pthread_unregister_cancel");
    find(functions.pthread_unwind_next, "__pthread_unwind_next");
    find(functions.assert_fail, "__assert_fail");
    found = true;
    return functions;
}

}  // namespace interleave::detail
