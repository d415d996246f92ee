// Tells ThreadSanitizer in which order threads let go of an exception.
//
// Exceptions are counted references: the last thread that lets go of one destroys it, and libstdc++
// orders that after all that others did with it, by an atomic counter. That counter is in the
// library, which is not instrumented: correct code that hands an exception over in a future, and
// reads its what(), would be reported. Here each thread's letting go is published, and only the
// destruction looks at what was published, as the counter does it. Nothing else is ordered: two
// threads that write one exception's member without a lock are still reported.
//
// The library's functions are wrapped: found in the executable first, also by libstdc++ itself. The
// annotations are weak, because the explorer, linked in place of ThreadSanitizer, has no need of
// them.

#include <exception>

#include "support/thread_sanitizer.hpp"

#if INTERLEAVE_THREAD_SANITIZER && defined(__GLIBCXX__) && defined(__linux__)
#include <cxxabi.h>

#include <array>
#include <atomic>
#include <typeinfo>

#include "support/library_function.hpp"

extern "C" {
[[gnu::weak]] void __tsan_acquire(void* address);
[[gnu::weak]] void __tsan_release(void* address);
}

namespace {

using destructor = void (*)(void*);

/// The destructors of the exceptions that live, by address. Relaxed atomics order nothing, here or
/// for ThreadSanitizer; an entry is written before its exception is thrown and read by the thread
/// that destroys it.
class destructor_table {
  public:
    /// False when the table is full: then the exception is destroyed as ever, and unannotated.
    bool add(void* exception, destructor destroy) noexcept {
        for (entry& slot : slots_) {
            void* none = nullptr;
            if (slot.exception.load(std::memory_order_relaxed) == nullptr &&
                slot.exception.compare_exchange_strong(none, exception,
                                                       std::memory_order_relaxed)) {
                slot.destroy.store(destroy, std::memory_order_relaxed);
                return true;
            }
        }
        return false;
    }

    destructor remove(void* exception) noexcept {
        for (entry& slot : slots_) {
            if (slot.exception.load(std::memory_order_relaxed) != exception) continue;
            const destructor destroy = slot.destroy.load(std::memory_order_relaxed);
            slot.exception.store(nullptr, std::memory_order_relaxed);
            return destroy;
        }
        return nullptr;
    }

  private:
    struct entry {
        std::atomic<void*> exception;
        std::atomic<destructor> destroy;
    };
    std::array<entry, 256> slots_{};
};

constinit destructor_table the_destructors;

void destroy_in_order(void* exception) {
    if (__tsan_acquire != nullptr) __tsan_acquire(exception);
    if (const destructor destroy = the_destructors.remove(exception)) destroy(exception);
}

destructor ordered(void* exception, destructor destroy) noexcept {
    // __cxa_throw may come here once more, through __cxa_init_primary_exception.
    if (destroy == destroy_in_order) return destroy;
    return the_destructors.add(exception, destroy) ? destroy_in_order : destroy;
}

using abi::__cxa_refcounted_exception;
using interleave::library_function;
using std::exception_ptr;

constinit library_function<void (*)(void*, std::type_info*, destructor)> real_throw("__cxa_throw");
constinit library_function<__cxa_refcounted_exception* (*)(void*, std::type_info*, destructor)>
    real_init_primary_exception("__cxa_init_primary_exception");
constinit library_function<void (*)()> real_end_catch("__cxa_end_catch");
constinit library_function<void (exception_ptr::*)()> real_release(
    "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");

}  // namespace

namespace __cxxabiv1 {
extern "C" {

void __cxa_throw(void* exception, std::type_info* type, destructor destroy) {
    real_throw.get()(exception, type, ordered(exception, destroy));
    __builtin_unreachable();
}

// What make_exception_ptr calls in place of a throw.
__cxa_refcounted_exception* __cxa_init_primary_exception(void* exception, std::type_info* type,
                                                         destructor destroy) noexcept {
    return real_init_primary_exception.get()(exception, type, ordered(exception, destroy));
}

// The end of a catch block lets go as well. With a reference held across it, the last to let go is
// always an exception_ptr.
void __cxa_end_catch() {
    const exception_ptr held = std::current_exception();
    real_end_catch.get()();
}

}  // extern "C"
}  // namespace __cxxabiv1

namespace std::__exception_ptr {

void exception_ptr::_M_release() noexcept {
    if (__tsan_release != nullptr) __tsan_release(_M_exception_object);
    (this->*real_release.get())();
}

}  // namespace std::__exception_ptr

#endif
