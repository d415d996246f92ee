// Tells ThreadSanitizer that a result made ready at a thread's exit comes after all that the thread
// did.
//
// std::promise::set_value_at_thread_exit() and its like leave it to libstdc++ to say at the very
// end of the thread that the result is there. It does so by an atomic store with release, in the
// library, which is not instrumented: whoever gets the result, and reads it, would be reported.
// Here that moment is published as well, on the variable that the one who waits acquires. Nothing
// else is ordered: what another thread does with the value without waiting for it is still
// reported.
//
// The library's function is wrapped, and what it has left to be called at the exit. The annotation
// is weak, because the explorer, linked in place of ThreadSanitizer, has no need of it.

#include <future>

#include "support/thread_sanitizer.hpp"

#if INTERLEAVE_THREAD_SANITIZER && defined(__GLIBCXX__) && defined(__linux__)
#include <atomic>

#include "support/library_function.hpp"

extern "C" [[gnu::weak]] void __tsan_release(void* address);

void std::__future_base::_State_baseV2::_Make_ready::_M_set() {
    using at_exit = void (*)(void*);
    static constinit std::atomic<at_exit> makes_ready{nullptr};  // the same for all threads
    static constinit interleave::library_function<void (_Make_ready::*)()> real(
        "_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv");
    (this->*real.get())();
    makes_ready.store(_M_cb, std::memory_order_relaxed);
    _M_cb = [](void* itself) {
        // Held across the library's part, so that the last to let go is always seen to do so.
        const auto state = static_cast<_Make_ready*>(itself)->_M_shared_state.lock();
        if (state && __tsan_release != nullptr) __tsan_release(&state->_M_status);
        makes_ready.load(std::memory_order_relaxed)(itself);
    };
}

#endif
