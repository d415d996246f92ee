// The entry points of -fsanitize=thread for plain memory accesses and function calls, and the
// memory functions that compilers and libraries call.

#include "race.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

using namespace interleave::detail;

namespace {

/// The part of an access that only matters now and then, kept out of the way.
[[gnu::noinline]] void before_access(cell& c, std::uintptr_t address) {
    fiber& f = *rt.current;
    if (f.operations >= f.stop_at) {
        plain_stop();
    } else {
        f.pending = address;
        f.pending_read = false;
        schedule();
    }
    touch(address);
    if (c.generation != rt.generation) cell_of(address);
}

/// An access of a power of two up to 16 bytes, with all that belongs to one.
[[gnu::noinline]] void plain_rare(std::uintptr_t address, unsigned size, std::uint8_t kind,
                                  std::uintptr_t pc) {
    fiber& f = *rt.current;
    if (f.ignore_depth) return;
    cell& c = cell_of(address);
    if (++f.operations >= f.stop_at || c.flags & cell::racy) before_access(c, address);
    if (rt.tracing && !(c.flags & cell::own))
        trace_event(kind & access_write ? operation::write : operation::read, address, 0, pc,
                    static_cast<int>(size));
    check_range(address, size, static_cast<std::uint8_t>(kind | access_plain), pc);
}

/// The first access to a cell in an execution: apart, so that all branches behind are foreseen.
[[gnu::noinline]] void first_access(cell& c, std::uintptr_t address, std::uint8_t mask,
                                    std::uint8_t kind, unsigned half, std::uintptr_t pc) {
    if (c.flags & cell::racy) [[unlikely]]
        return plain_rare(address, static_cast<unsigned>(__builtin_popcount(mask)), kind, pc);
    fiber& f = *rt.current;
    ++f.operations;
    renewed(c);
    check_alive(c, address, pc);
    record_first(c, access_record(f, mask, kind), half);
}

/// The same for the many accesses at which nothing rare happens: without a call, but in the tail.
template <unsigned Size>
[[gnu::always_inline]] inline void plain(std::uintptr_t address, std::uint8_t kind,
                                         std::uintptr_t pc) {
    if (!rt.active) return;
    fiber& f = *rt.current;
    cell* const known = known_cell(address);
    const unsigned offset = address & 7;
    constexpr unsigned part = Size > 4 ? 8 : 4;
    if (!known || offset % part + Size > part || f.operations + 1 >= f.plain_below) [[unlikely]]
        return plain_rare(address, Size, kind, pc);
    cell& c = *known;
    const auto mask = static_cast<std::uint8_t>(((1u << Size) - 1) << offset);
    const auto whole = static_cast<std::uint8_t>(kind | access_plain);
    const unsigned half = part == 8 ? both_halves : offset / part;
    if (c.generation != rt.generation) return first_access(c, address, mask, whole, half, pc);
    const unsigned rare = cell::racy | cell::freed | (kind & access_write ? cell::synchronizes : 0);
    if (c.flags & rare || ended_owner(address)) [[unlikely]]
        return plain_rare(address, Size, kind, pc);
    ++f.operations;
    check_access(c, address, access_record(f, mask, whole), half, pc);
}

std::uintptr_t number(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

}  // namespace

namespace interleave::detail {

void plain_range(std::uintptr_t address, std::size_t size, std::uint8_t kind, std::uintptr_t pc) {
    if (!rt.active || !size) return;
    fiber& f = *rt.current;
    if (f.ignore_depth) return;
    cell& c = cell_of(address);
    if (++f.operations >= f.stop_at || c.flags & cell::racy) before_access(c, address);
    trace_event(kind & access_write ? operation::write : operation::read, address, 0, pc,
                static_cast<int>(size < 255 ? size : 255));
    check_range(address, size, static_cast<std::uint8_t>(kind | access_plain), pc);
}

}  // namespace interleave::detail

extern "C" {

void __tsan_init() {}

void __tsan_func_entry(void* caller) {
    if (!rt.tracing || !rt.active) return;
    auto& calls = rt.current->calls;
    if (!calls.full()) calls.push(number(caller));
}
void __tsan_func_exit() {
    if (!rt.tracing || !rt.active) return;
    auto& calls = rt.current->calls;
    if (!calls.empty()) calls.pop();
}

#define INTERLEAVE_ACCESS(name, size, kind)              \
    void __tsan_##name(void* a) {                        \
        plain<size>(number(a), kind, INTERLEAVE_CALLER); \
    }                                                    \
    void __tsan_##name##_pc(void* a, void* pc) {         \
        plain<size>(number(a), kind, number(pc));        \
    }
#define INTERLEAVE_ACCESSES(size)                                       \
    INTERLEAVE_ACCESS(read##size, size, access_read)                    \
    INTERLEAVE_ACCESS(write##size, size, access_write)                  \
    INTERLEAVE_ACCESS(read_write##size, size, access_write)             \
    INTERLEAVE_ACCESS(volatile_read##size, size, access_read)           \
    INTERLEAVE_ACCESS(volatile_write##size, size, access_write)         \
    INTERLEAVE_ACCESS(unaligned_read##size, size, access_read)          \
    INTERLEAVE_ACCESS(unaligned_write##size, size, access_write)        \
    INTERLEAVE_ACCESS(unaligned_read_write##size, size, access_write)   \
    INTERLEAVE_ACCESS(unaligned_volatile_read##size, size, access_read) \
    INTERLEAVE_ACCESS(unaligned_volatile_write##size, size, access_write)
INTERLEAVE_ACCESSES(1)
INTERLEAVE_ACCESSES(2)
INTERLEAVE_ACCESSES(4)
INTERLEAVE_ACCESSES(8)
INTERLEAVE_ACCESSES(16)

void __tsan_read_range(void* a, std::size_t size) {
    plain_range(number(a), size, access_read, INTERLEAVE_CALLER);
}
void __tsan_write_range(void* a, std::size_t size) {
    plain_range(number(a), size, access_write, INTERLEAVE_CALLER);
}
void __tsan_vptr_read(void** a) {
    plain<8>(number(a), access_read, INTERLEAVE_CALLER);
}
void __tsan_vptr_update(void** a, void* value) {
    // Counts in any case: what the memory held before may differ from execution to execution.
    if (*a != value)
        plain<8>(number(a), access_write, INTERLEAVE_CALLER);
    else
        plain<8>(number(a), access_read, INTERLEAVE_CALLER);
}
void __tsan_ignore_thread_begin() {
    if (rt.active) ignore(*rt.current, +1);
}
void __tsan_ignore_thread_end() {
    if (rt.active) ignore(*rt.current, -1);
}
void __tsan_acquire(void* a) {
    if (rt.active) acquire(*rt.current, sync_object_of(number(a)).release);
}
void __tsan_release(void* a) {
    if (rt.active) release_join(*rt.current, sync_object_of(number(a)).release);
}

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
    if (rt.active) {
        plain_range(number(from), size, access_read, INTERLEAVE_CALLER);
        plain_range(number(to), size, access_write, INTERLEAVE_CALLER);
    }
    copy_bytes(to, from, size);
    return to;
}
void* memmove(void* to, const void* from, std::size_t size) {
    if (rt.active) {
        plain_range(number(from), size, access_read, INTERLEAVE_CALLER);
        plain_range(number(to), size, access_write, INTERLEAVE_CALLER);
    }
    auto* t = static_cast<char*>(to);
    const auto* f = static_cast<const char*>(from);
    if (t <= f || t >= f + size) {
        copy_bytes(to, from, size);
    } else {
        for (std::size_t i = size; i-- > 0;) static_cast<volatile char*>(t)[i] = f[i];
    }
    return to;
}
void* memset(void* to, int value, std::size_t size) {
    if (rt.active) plain_range(number(to), size, access_write, INTERLEAVE_CALLER);
    fill_bytes(to, value, size);
    return to;
}
void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
    return memcpy(to, from, size);
}
void* __tsan_memmove(void* to, const void* from, std::size_t size) {
    return memmove(to, from, size);
}
void* __tsan_memset(void* to, int value, std::size_t size) {
    return memset(to, value, size);
}

}  // extern "C"
