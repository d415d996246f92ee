// malloc and its relatives. Inside an execution the program's own calls use the arena; what the
// libraries allocate for themselves may outlive the execution and stays with the system.

#include <cerrno>
#include <cstring>
#include <utility>

#include "early_heap.hpp"
#include "memory.hpp"
#include "real.hpp"
#include "shadow.hpp"

using namespace interleave::detail;

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {
/// Where the program throws while the C++ library gets memory for the exception: that is the
/// program's own, and may refer to more of it.
INTERLEAVE_KEEP std::uintptr_t thrown_at;

/// A library's memory, as its allocator hands it out.
void* unused(void* memory, std::size_t size) {
    if (rt.active && memory) shadow_forget(memory, size);
    return memory;
}

/// What the program asks for outside of executions; null: the system has to give it.
void* early(std::size_t size, std::uintptr_t pc) {
    return rt.searching || !in_program(pc) ? nullptr : early_allocate(size);
}
}  // namespace

extern "C" {
void* malloc(std::size_t size) noexcept {
    if (rt.active && in_program(INTERLEAVE_CALLER))
        return arena_allocate(size, 16, INTERLEAVE_CALLER);
    if (const std::uintptr_t pc = std::exchange(thrown_at, 0)) return arena_allocate(size, 16, pc);
    if (void* memory = early(size, INTERLEAVE_CALLER)) return memory;
    return unused(__libc_malloc(size), size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    std::size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return nullptr;
    }
    if (rt.active && in_program(INTERLEAVE_CALLER))
        return arena_allocate(total, 16, INTERLEAVE_CALLER);
    if (void* memory = early(total, INTERLEAVE_CALLER)) {
        zero_bytes(memory, total);
        return memory;
    }
    return unused(__libc_calloc(count, size), total);
}
void free(void* memory) noexcept {
    if (!memory) return;
    if (in_early_heap(memory))
        return rt.active ? early_free_for_now(memory, INTERLEAVE_CALLER) : early_free(memory);
    if (!in_arena(memory)) return __libc_free(memory);
    if (rt.active) arena_free(memory, INTERLEAVE_CALLER);
}
void* realloc(void* memory, std::size_t size) noexcept {
    if (in_early_heap(memory) || (!memory && !rt.active && in_program(INTERLEAVE_CALLER))) {
        void* fresh = malloc(size);
        if (!fresh || !memory) return fresh;
        const std::size_t before = early_size_of(memory);
        copy_bytes(fresh, memory, before < size ? before : size);
        free(memory);
        return fresh;
    }
    if (!in_arena(memory) && (memory || !rt.active || !in_program(INTERLEAVE_CALLER)))
        return unused(__libc_realloc(memory, size), size);
    if (!rt.active) return nullptr;
    void* fresh = arena_allocate(size, 16, INTERLEAVE_CALLER);
    if (memory) {
        const std::size_t before = arena_size_of(memory);
        copy_bytes(fresh, memory, before < size ? before : size);
        arena_free(memory, INTERLEAVE_CALLER);
    }
    return fresh;
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    if (rt.active && in_program(INTERLEAVE_CALLER))
        return arena_allocate(size, alignment, INTERLEAVE_CALLER);
    return unused(__libc_memalign(alignment, size), size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    if (rt.active && in_program(INTERLEAVE_CALLER))
        return arena_allocate(size, alignment, INTERLEAVE_CALLER);
    return unused(__libc_memalign(alignment, size), size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
    if (rt.active && in_program(INTERLEAVE_CALLER))
        *memory = arena_allocate(size, alignment, INTERLEAVE_CALLER);
    else
        *memory = unused(__libc_memalign(alignment, size), size);
    return *memory ? 0 : ENOMEM;
}
std::size_t malloc_usable_size(void* memory) noexcept {
    if (!memory) return 0;
    if (in_arena(memory)) return arena_size_of(memory);
    if (in_early_heap(memory)) return early_size_of(memory);
    return static_cast<std::size_t*>(memory)[-1] & ~std::size_t{15};
}
void* __cxa_allocate_exception(std::size_t size) noexcept {
    thrown_at = rt.active ? INTERLEAVE_CALLER : 0;
    void* const memory = real().cxa_allocate_exception(size);
    thrown_at = 0;
    return memory;
}
}
