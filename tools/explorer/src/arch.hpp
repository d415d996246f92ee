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

/// Copying and filling without the interposed memcpy and memset. The string instructions need
/// longer to start than a few words need.
using word_anywhere [[gnu::may_alias, gnu::aligned(1)]] = std::uint64_t;
constexpr std::size_t most_by_words = 512;

inline void copy_bytes(void* to, const void* from, std::size_t size) noexcept {
    auto* t = static_cast<char*>(to);
    const auto* f = static_cast<const char*>(from);
#if defined(__x86_64__)
    if (size > most_by_words) {
        asm volatile("rep movsb" : "+D"(t), "+S"(f), "+c"(size) : : "memory");
        return;
    }
#endif
    for (; size >= sizeof(word_anywhere); size -= 8, t += 8, f += 8)
        *reinterpret_cast<word_anywhere*>(t) = *reinterpret_cast<const word_anywhere*>(f);
    for (; size > 0; --size) *t++ = *f++;
}
inline void fill_bytes(void* to, int value, std::size_t size) noexcept {
    auto* t = static_cast<char*>(to);
#if defined(__x86_64__)
    if (size > most_by_words) {
        asm volatile("rep stosb" : "+D"(t), "+c"(size) : "a"(value) : "memory");
        return;
    }
#endif
    const std::uint64_t word = 0x0101010101010101 * static_cast<std::uint8_t>(value);
    for (; size >= sizeof word; size -= 8, t += 8) *reinterpret_cast<word_anywhere*>(t) = word;
    for (; size > 0; --size) *t++ = static_cast<char>(value);
}
inline void zero_bytes(void* to, std::size_t size) noexcept {
    fill_bytes(to, 0, size);
}

}  // namespace interleave::detail
