#pragma once

// All that depends on the processor. A port is one more file beside arch_x86_64.cpp.

#include <cstddef>
#include <cstdint>

namespace interleave::detail {

/// Saves the running context to *save and continues the one at `to`, with its thread pointer.
extern "C" void interleave_switch(void** save, void* to, std::uintptr_t thread_pointer);
extern "C" void interleave_switch_by_syscall(void** save, void* to, std::uintptr_t thread_pointer);
/// The same, but the thread pointer stays.
extern "C" void interleave_switch_stack(void** save, void* to, std::uintptr_t unused);
using switch_function = void (*)(void**, void*, std::uintptr_t);

/// Of those that change the thread pointer the faster one that the kernel allows (FSGSBASE). The
/// other costs a system call, some thirty times as much as all else that a step does.
[[nodiscard]] switch_function best_switch() noexcept;
/// A stack pointer from which a switch enters interleave_fiber_main() on an empty stack.
[[nodiscard]] void* prepare_stack(char* top) noexcept;
[[nodiscard]] std::uintptr_t thread_pointer() noexcept;
/// The address of this thread's block of the executable's thread-local variables.
[[nodiscard]] char* thread_local_block(std::uintptr_t pointer, std::size_t size,
                                       std::size_t alignment) noexcept;
long raw_syscall(long number, const long (&argument)[6]) noexcept;
/// Where a signal interrupted the program.
[[nodiscard]] std::uintptr_t interrupted_at(const void* signal_context) noexcept;

/// Copying and filling without the interposed memcpy and memset.
inline void copy_bytes(void* to, const void* from, std::size_t size) noexcept {
#if defined(__x86_64__)
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
#else
    for (std::size_t i = 0; i < size; ++i)
        static_cast<volatile char*>(to)[i] = static_cast<const char*>(from)[i];
#endif
}
inline void fill_bytes(void* to, int value, std::size_t size) noexcept {
#if defined(__x86_64__)
    asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
#else
    for (std::size_t i = 0; i < size; ++i)
        static_cast<volatile char*>(to)[i] = static_cast<char>(value);
#endif
}
inline void zero_bytes(void* to, std::size_t size) noexcept {
    fill_bytes(to, 0, size);
}

}  // namespace interleave::detail
