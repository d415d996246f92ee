#pragma once
#include <dlfcn.h>

#include <atomic>
#include <cstring>

namespace interleave {

/// A function of a library that one of the same name in the executable stands before. Found when
/// first called, for it may be needed before any constructor has run; a guarded static would order
/// the threads in the eyes of ThreadSanitizer. Any thread.
template <class Function>
class library_function {
  public:
    constexpr explicit library_function(const char* name) : name_(name) {}

    Function get() noexcept {
        void* address = address_.load(std::memory_order_relaxed);
        if (address == nullptr) {
            address = dlsym(RTLD_NEXT, name_);
            address_.store(address, std::memory_order_relaxed);
        }
        // dlsym gives an object pointer, and a pointer to a member function is wider than that.
        Function function{};
        std::memcpy(&function, &address, sizeof address);
        return function;
    }

  private:
    const char* name_;
    std::atomic<void*> address_ = nullptr;
};

}  // namespace interleave
