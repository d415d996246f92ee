#pragma once

// What the C and the C++ library keep for each thread, for fibers that share one thread pointer.

#include <cstddef>
#include <cstdint>

namespace interleave::detail {

/// One fiber's share: errno, the exceptions in flight, and the function that std::call_once() is
/// about to call.
struct library_locals {
    bool any = false;  ///< one of the others is not zero
    int error = 0;
    void* caught = nullptr;
    std::size_t uncaught = 0;
    void* once_callable = nullptr;
    void (*once_call)() = nullptr;
};

/// Where the libraries keep them for the kernel thread that runs all fibers.
struct library_places {
    int* error;
    void** caught;
    std::size_t* uncaught;
    void** once_callable;
    void (**once_call)();

    /// Most often there is nothing to exchange.
    [[nodiscard]] bool any() const noexcept {
        return *error || (reinterpret_cast<std::uintptr_t>(*caught) | *uncaught |
                          reinterpret_cast<std::uintptr_t>(*once_callable) |
                          reinterpret_cast<std::uintptr_t>(*once_call));
    }
    void exchange(library_locals& left, const library_locals& entered) const noexcept {
        left = {any(), *error, *caught, *uncaught, *once_callable, *once_call};
        *error = entered.error;
        *caught = entered.caught;
        *uncaught = entered.uncaught;
        *once_callable = entered.once_callable;
        *once_call = entered.once_call;
    }
};

/// Those of the calling thread.
[[nodiscard]] library_places find_library_places() noexcept;

/// Whether each fiber needs a thread pointer of its own: the executable has thread_local variables,
/// or a library has that is not known to keep only what library_locals has.
[[nodiscard]] bool has_thread_locals() noexcept;

}  // namespace interleave::detail
