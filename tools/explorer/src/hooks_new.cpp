// operator new and delete, in a file of their own: a program that replaces them keeps its own.

#include <cstdlib>
#include <new>

#include "early_heap.hpp"
#include "memory.hpp"

using namespace interleave::detail;

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {
void* allocate(std::size_t size, std::size_t alignment, std::uintptr_t pc) {
    if (rt.active) return arena_allocate(size, alignment, pc);
    if (!rt.searching)
        if (void* memory = early_allocate(size, alignment)) return memory;
    return alignment > 16 ? __libc_memalign(alignment, size ? size : 1)
                          : __libc_malloc(size ? size : 1);
}
void release(void* memory, std::uintptr_t pc) {
    if (!memory) return;
    if (in_early_heap(memory))
        return rt.active ? early_free_for_now(memory, pc) : early_free(memory);
    if (!in_arena(memory)) return __libc_free(memory);
    if (rt.active) arena_free(memory, pc);
}
void* or_throw(void* memory) {
    if (!memory) throw std::bad_alloc();
    return memory;
}
}  // namespace

#define PC INTERLEAVE_CALLER
using align = std::align_val_t;
using nothrow = const std::nothrow_t&;

void* operator new(std::size_t n) {
    return or_throw(allocate(n, 16, PC));
}
void* operator new[](std::size_t n) {
    return or_throw(allocate(n, 16, PC));
}
void* operator new(std::size_t n, nothrow) noexcept {
    return allocate(n, 16, PC);
}
void* operator new[](std::size_t n, nothrow) noexcept {
    return allocate(n, 16, PC);
}
void* operator new(std::size_t n, align a) {
    return or_throw(allocate(n, std::size_t(a), PC));
}
void* operator new[](std::size_t n, align a) {
    return or_throw(allocate(n, std::size_t(a), PC));
}
void operator delete(void* p) noexcept {
    release(p, PC);
}
void operator delete[](void* p) noexcept {
    release(p, PC);
}
void operator delete(void* p, nothrow) noexcept {
    release(p, PC);
}
void operator delete[](void* p, nothrow) noexcept {
    release(p, PC);
}
void operator delete(void* p, std::size_t) noexcept {
    release(p, PC);
}
void operator delete[](void* p, std::size_t) noexcept {
    release(p, PC);
}
void operator delete(void* p, align) noexcept {
    release(p, PC);
}
void operator delete[](void* p, align) noexcept {
    release(p, PC);
}
void operator delete(void* p, std::size_t, align) noexcept {
    release(p, PC);
}
void operator delete[](void* p, std::size_t, align) noexcept {
    release(p, PC);
}
