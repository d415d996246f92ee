// The entry points of -fsanitize=thread for atomic operations, and the memory model: what a load
// may return and what it makes visible.
//
// The modification order of a variable is the order of execution. A load may return an older store
// as long as coherence and happens-before allow it; a read-modify-write acts on the newest. A
// seq_cst load sees the last seq_cst store, or something newer; a seq_cst fence makes everything
// visible that came before an earlier seq_cst fence.

#include <type_traits>

#include "memory_model.hpp"
#include "race.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

using namespace interleave::detail;

namespace {

// Outside an execution. For sixteen bytes gcc calls libatomic, which is defined below, for all but
// the older builtins.
template <class T>
bool machine_exchange_if(volatile T* place, T* expected, T value) {
    const T old = __sync_val_compare_and_swap(place, *expected, value);
    if (old == *expected) return true;
    *expected = old;
    return false;
}
template <class T>
T machine_load(const volatile T* place) {
    if constexpr (sizeof(T) == 16)
        return __sync_val_compare_and_swap(const_cast<volatile T*>(place), T(0), T(0));
    else
        return __atomic_load_n(place, __ATOMIC_SEQ_CST);
}

template <class T>
std::uint64_t shown(T value) {
    return static_cast<std::uint64_t>(value);
}
template <class T>
std::uint8_t mask_of(std::uintptr_t address) {
    return static_cast<std::uint8_t>((sizeof(T) >= 8 ? 0xffu : (1u << sizeof(T)) - 1)
                                     << (address & 7));
}

template <class T>
sync_object& enter(const volatile T* place, int order, bool read_only, std::uintptr_t& address) {
    address = reinterpret_cast<std::uintptr_t>(place);
    cell& c = cell_of(address);
    point(c, address, read_only);
    if (order != order_seq_cst) rt.weak_seen = true;
    return sync_object_in(c, address);
}

/// A variable of up to eight bytes; in one cell, as it is aligned, and if smaller in half of one.
template <class T>
void check_atomic(cell& c, std::uintptr_t address, std::uint8_t kind, std::uintptr_t pc) {
    check_alive(c, address, pc);
    const access_record mine(*rt.current, mask_of<T>(address), kind);
    const bool aligned = address % sizeof(T) == 0;
    const unsigned half = sizeof(T) < 8 && aligned ? (address & 7) / 4 : mine.half();
    check_access(c, address, mine, half, pc);
}

template <class T>
void watch(sync_object& object, std::uintptr_t address, std::uint8_t kind, std::uintptr_t pc) {
    if constexpr (sizeof(T) > 8)
        check_range(address, sizeof(T), kind, pc);
    else
        check_atomic<T>(*object.home, address, kind, pc);
}

template <class T>
T atomic_load(const volatile T* place, int order, std::uintptr_t pc) {
    if (!rt.active) return machine_load(place);
    std::uintptr_t address;
    // What a seq_cst load returns binds those that come after it, where loads may differ at all.
    const bool commutes = order != order_seq_cst || !rt.now.weak;
    sync_object& object = enter(place, order, commutes, address);
    watch<T>(object, address, access_read, pc);
    T newest = *place;
    bits128 value = newest;
    const bool stale = load_effects(object, value, sizeof(T), order);
    trace_event(stale ? operation::stale_load : operation::atomic_load, address,
                shown(static_cast<T>(value)), pc, sizeof(T), order, shown(newest));
    return static_cast<T>(value);
}

template <class T>
void atomic_store(volatile T* place, T value, int order, std::uintptr_t pc) {
    if (!rt.active) {
        T old = machine_load(place);
        while (!machine_exchange_if(place, &old, value)) {
        }
        return;
    }
    std::uintptr_t address;
    sync_object& object = enter(place, order, false, address);
    watch<T>(object, address, access_write, pc);
    const T before = *place;
    trace_event(operation::atomic_store, address, shown(value), pc, sizeof(T), order,
                shown(before));
    store_effects(object, before, value, sizeof(T), order, false);
    *place = value;
}

template <class T, class F>
T atomic_update(volatile T* place, int order, std::uintptr_t pc, F update) {
    if (!rt.active) {
        T old = machine_load(place);
        while (!machine_exchange_if(place, &old, update(old))) {
        }
        return old;
    }
    std::uintptr_t address;
    sync_object& object = enter(place, order_seq_cst, false, address);
    watch<T>(object, address, access_write, pc);
    const T old = *place;
    const T value = update(old);
    trace_event(operation::atomic_rmw, address, shown(value), pc, sizeof(T), order, shown(old));
    store_effects(object, old, value, sizeof(T), order, true);
    *place = value;
    return old;
}

template <class T>
bool atomic_exchange_if(volatile T* place, T* expected, T value, int order, int failure_order,
                        bool weak, std::uintptr_t pc) {
    if (!rt.active) return machine_exchange_if(place, expected, value);
    std::uintptr_t address;
    sync_object& object = enter(place, failure_order, false, address);
    const T old = *place;
    if (bits128 older = old;
        older_value_fails(object, older, *expected, sizeof(T), failure_order)) {
        watch<T>(object, address, access_read, pc);
        trace_event(operation::stale_failure, address, shown(static_cast<T>(older)), pc, sizeof(T),
                    failure_order, shown(old));
        *expected = static_cast<T>(older);
        return false;
    }
    const bool holds = old == *expected;
    if (!holds || (weak && spurious_failure())) {
        watch<T>(object, address, access_read, pc);
        trace_event(holds ? operation::spurious_failure : operation::failed_exchange, address,
                    shown(old), pc, sizeof(T), failure_order, shown(value));
        newest_load_effects(object, old, sizeof(T), failure_order);
        *expected = old;
        return false;
    }
    watch<T>(object, address, access_write, pc);
    trace_event(operation::atomic_rmw, address, shown(value), pc, sizeof(T), order, shown(old));
    store_effects(object, old, value, sizeof(T), order, true);
    *place = value;
    return true;
}

/// A plain access to the variable that holds the expected value, which other threads may use, too.
template <class T>
void use_expected(const void* variable, T value, std::uint8_t kind, std::uintptr_t pc) {
    if (!rt.active || rt.current->ignore_depth) return;
    const auto address = reinterpret_cast<std::uintptr_t>(variable);
    trace_event(kind == access_write ? operation::write : operation::read, address, shown(value),
                pc, sizeof(T));
    check_range(address, sizeof(T), static_cast<std::uint8_t>(kind | access_plain), pc);
}

/// The expected value comes from a variable and goes there, which may be less aligned than the
/// place.
template <class T>
bool atomic_exchange_through(volatile T* place, void* expected, T value, int order,
                             int failure_order, bool weak, std::uintptr_t pc) {
    T found;
    __builtin_memcpy(&found, expected, sizeof(T));
    use_expected(expected, found, access_read, pc);
    if (atomic_exchange_if(place, &found, value, order, failure_order, weak, pc)) return true;
    use_expected(expected, found, access_write, pc);
    __builtin_memcpy(expected, &found, sizeof(T));
    return false;
}

template <class T>
bool exchange_weak(volatile void* place, void* expected, const void* desired, int order,
                   int failure_order, std::uintptr_t pc) {
    T value;
    __builtin_memcpy(&value, desired, sizeof(T));
    return atomic_exchange_through(static_cast<volatile T*>(place), expected, value, order,
                                   failure_order, true, pc);
}

}  // namespace

using unsigned_8 = std::uint8_t;
using unsigned_16 = std::uint16_t;
using unsigned_32 = std::uint32_t;
using unsigned_64 = std::uint64_t;
__extension__ using unsigned_128 = unsigned __int128;

#define INTERLEAVE_UPDATE(bits, name, expression)                                                \
    unsigned_##bits __tsan_atomic##bits##_##name(volatile unsigned_##bits* a, unsigned_##bits v, \
                                                 int order) {                                    \
        return atomic_update(a, order, INTERLEAVE_CALLER, [v](unsigned_##bits old) {             \
            (void)old;                                                                           \
            return static_cast<unsigned_##bits>(expression);                                     \
        });                                                                                      \
    }
#define INTERLEAVE_ATOMIC(bits)                                                                   \
    unsigned_##bits __tsan_atomic##bits##_load(const volatile unsigned_##bits* a, int order) {    \
        return atomic_load(a, order, INTERLEAVE_CALLER);                                          \
    }                                                                                             \
    void __tsan_atomic##bits##_store(volatile unsigned_##bits* a, unsigned_##bits v, int order) { \
        atomic_store(a, v, order, INTERLEAVE_CALLER);                                             \
    }                                                                                             \
    INTERLEAVE_UPDATE(bits, exchange, v)                                                          \
    INTERLEAVE_UPDATE(bits, fetch_add, old + v)                                                   \
    INTERLEAVE_UPDATE(bits, fetch_sub, old - v)                                                   \
    INTERLEAVE_UPDATE(bits, fetch_and, old& v)                                                    \
    INTERLEAVE_UPDATE(bits, fetch_or, old | v)                                                    \
    INTERLEAVE_UPDATE(bits, fetch_xor, old ^ v)                                                   \
    INTERLEAVE_UPDATE(bits, fetch_nand, ~(old & v))                                               \
    int __tsan_atomic##bits##_compare_exchange_strong(volatile unsigned_##bits* a,                \
                                                      unsigned_##bits* e, unsigned_##bits v,      \
                                                      int order, int failure) {                   \
        return atomic_exchange_through(a, e, v, order, failure, false, INTERLEAVE_CALLER);        \
    }                                                                                             \
    int __tsan_atomic##bits##_compare_exchange_weak(volatile unsigned_##bits* a,                  \
                                                    unsigned_##bits* e, unsigned_##bits v,        \
                                                    int order, int failure) {                     \
        return atomic_exchange_through(a, e, v, order, failure, true, INTERLEAVE_CALLER);         \
    }                                                                                             \
    unsigned_##bits __tsan_atomic##bits##_compare_exchange_val(                                   \
        volatile unsigned_##bits* a, unsigned_##bits e, unsigned_##bits v, int order,             \
        int failure) {                                                                            \
        atomic_exchange_if(a, &e, v, order, failure, false, INTERLEAVE_CALLER);                   \
        return e;                                                                                 \
    }

extern "C" {
INTERLEAVE_ATOMIC(8)
INTERLEAVE_ATOMIC(16)
INTERLEAVE_ATOMIC(32)
INTERLEAVE_ATOMIC(64)
INTERLEAVE_ATOMIC(128)

// See interleave/weak_exchange.h.
bool any_exchange_if(std::size_t, volatile void*, void*, const void*, int,
                     int) asm("__atomic_compare_exchange");
bool interleave_exchange_weak(volatile void* place, void* expected, const void* desired,
                              std::size_t size, int order, int failure) {
    const std::uintptr_t pc = INTERLEAVE_CALLER;
    switch (size) {
        case 1:
            return exchange_weak<unsigned_8>(place, expected, desired, order, failure, pc);
        case 2:
            return exchange_weak<unsigned_16>(place, expected, desired, order, failure, pc);
        case 4:
            return exchange_weak<unsigned_32>(place, expected, desired, order, failure, pc);
        case 8:
            return exchange_weak<unsigned_64>(place, expected, desired, order, failure, pc);
        case 16:
            return exchange_weak<unsigned_128>(place, expected, desired, order, failure, pc);
        default:
            return any_exchange_if(size, place, expected, desired, order, failure);
    }
}

void __tsan_atomic_thread_fence(int order) {
    if (!rt.active) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        return;
    }
    point_at(0);
    rt.weak_seen = true;
    rt.touched_all = true;
    trace_event(operation::fence, 0, 0, INTERLEAVE_CALLER, 0, order);
    fence_effects(order);
}
void __tsan_atomic_signal_fence(int) {}

// What the compiler makes of sixteen bytes where it must not use cmpxchg16b itself: calls into
// libatomic, which nothing instruments. Names of builtins, hence the labels.
#define INTERLEAVE_LIBATOMIC(result, name, ...)                  \
    result libatomic_##name(__VA_ARGS__) asm("__atomic_" #name); \
    result libatomic_##name(__VA_ARGS__)

INTERLEAVE_LIBATOMIC(unsigned_128, load_16, const volatile unsigned_128* a, int order) {
    return atomic_load(a, order, INTERLEAVE_CALLER);
}
INTERLEAVE_LIBATOMIC(void, store_16, volatile unsigned_128* a, unsigned_128 v, int order) {
    atomic_store(a, v, order, INTERLEAVE_CALLER);
}
INTERLEAVE_LIBATOMIC(bool, compare_exchange_16, volatile unsigned_128* a, unsigned_128* e,
                     unsigned_128 v, int order, int failure) {
    return atomic_exchange_if(a, e, v, order, failure, false, INTERLEAVE_CALLER);
}
#define INTERLEAVE_LIBATOMIC_UPDATE(name, expression)                                       \
    INTERLEAVE_LIBATOMIC(unsigned_128, name##_16, volatile unsigned_128* a, unsigned_128 v, \
                         int order) {                                                       \
        return atomic_update(a, order, INTERLEAVE_CALLER, [v](unsigned_128 old) {           \
            (void)old;                                                                      \
            return static_cast<unsigned_128>(expression);                                   \
        });                                                                                 \
    }
INTERLEAVE_LIBATOMIC_UPDATE(exchange, v)
INTERLEAVE_LIBATOMIC_UPDATE(fetch_add, old + v)
INTERLEAVE_LIBATOMIC_UPDATE(fetch_sub, old - v)
INTERLEAVE_LIBATOMIC_UPDATE(fetch_and, old& v)
INTERLEAVE_LIBATOMIC_UPDATE(fetch_or, old | v)
INTERLEAVE_LIBATOMIC_UPDATE(fetch_xor, old ^ v)
}
