#include <sys/auxv.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "arch.hpp"

#if !defined(__x86_64__) || !defined(__linux__)
#error "The explorer is ported to x86-64 Linux only; link interleave_explorer_fallback instead."
#endif

// A switch saves what a function call must preserve, on the stack of the context that it leaves.
// Where the thread pointer goes along, each fiber has thread_local variables of its own.
asm(R"(
.macro interleave_leave
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
.endm
.macro interleave_enter
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
.endm

.text
.globl interleave_switch
.hidden interleave_switch
.type interleave_switch, @function
interleave_switch:
    interleave_leave
    wrfsbase %rdx
    interleave_enter
.size interleave_switch, .-interleave_switch

.globl interleave_switch_by_syscall
.hidden interleave_switch_by_syscall
.type interleave_switch_by_syscall, @function
interleave_switch_by_syscall:
    interleave_leave
    mov %rdx, %rsi
    mov $0x1002, %edi
    mov $158, %eax
    syscall
    interleave_enter
.size interleave_switch_by_syscall, .-interleave_switch_by_syscall

.globl interleave_switch_stack
.hidden interleave_switch_stack
.type interleave_switch_stack, @function
interleave_switch_stack:
    interleave_leave
    interleave_enter
.size interleave_switch_stack, .-interleave_switch_stack

.type interleave_fiber_entry, @function
interleave_fiber_entry:
    .cfi_startproc
    .cfi_undefined rip
    call interleave_fiber_main
    hlt
    .cfi_endproc
.size interleave_fiber_entry, .-interleave_fiber_entry
)");

extern "C" [[gnu::visibility("hidden")]] void interleave_fiber_entry();

namespace interleave::detail {

switch_function best_switch() noexcept {
    constexpr unsigned long fsgsbase = 1ul << 1;
    return getauxval(AT_HWCAP2) & fsgsbase ? interleave_switch : interleave_switch_by_syscall;
}

void* prepare_stack(char* top) noexcept {
    auto** slot = reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(top - 64) & ~15ul);
    *--slot = nullptr;  // keeps the stack aligned at the call in interleave_fiber_entry
    *--slot = nullptr;
    *--slot = reinterpret_cast<void*>(interleave_fiber_entry);
    for (int saved = 0; saved < 6; ++saved) *--slot = nullptr;
    return slot;
}

std::uintptr_t thread_pointer() noexcept {
    std::uintptr_t value;
    asm volatile("mov %%fs:0, %0" : "=r"(value));
    return value;
}

char* thread_local_block(std::uintptr_t pointer, std::size_t size, std::size_t align) noexcept {
    return reinterpret_cast<char*>(pointer - ((size + align - 1) & ~(align - 1)));
}

long raw_syscall(long number, const long (&argument)[6]) noexcept {
    long value;
    register long r10 asm("r10") = argument[3];
    register long r8 asm("r8") = argument[4];
    register long r9 asm("r9") = argument[5];
    asm volatile("syscall"
                 : "=a"(value)
                 : "a"(number), "D"(argument[0]), "S"(argument[1]), "d"(argument[2]), "r"(r10),
                   "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return value;
}

std::uintptr_t interrupted_at(const void* signal_context) noexcept {
    return static_cast<std::uintptr_t>(
        static_cast<const ucontext_t*>(signal_context)->uc_mcontext.gregs[REG_RIP]);
}

}  // namespace interleave::detail
