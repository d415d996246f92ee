#pragma once

// What happened in an execution. Only kept while a known schedule is replayed for its story, so
// that the search does not pay for it.

#include "runtime.hpp"

namespace interleave::detail {

enum class operation : std::uint8_t {
    read,
    write,
    atomic_load,
    stale_load,
    atomic_store,
    atomic_rmw,
    failed_exchange,
    stale_failure,     ///< of an exchange that loaded an older value
    spurious_failure,  ///< of a weak exchange that found what it expected
    fence,
    lock,
    lock_failed,
    unlock,
    read_lock,
    write_lock,
    rw_unlock,
    wait,
    wake,
    timeout,
    spurious_wake,
    notify_one,
    notify_all,
    futex_wait,
    futex_awake,
    futex_wake,
    create,
    join,
    detach,
    start,
    finish,
    yield,
    sleep,
    once_begin,
    once_end,
    semaphore_wait,
    semaphore_post,
    barrier_wait,
    barrier_leave,
    allocate,
    release,
    expect_failed,
    blocked
};

struct trace_record {
    operation what;
    std::uint8_t size, order, frames;
    std::uint16_t thread;
    std::uint16_t unused;
    std::uint32_t clock;
    std::uint32_t first_frame;
    std::uintptr_t address;
    std::uint64_t value, before;
};

void trace_restart();
void trace_slow(operation what, std::uintptr_t address, std::uint64_t value, int size,
                std::uintptr_t pc, int order, std::uint64_t before);
/// The value of the last plain write, known only once it has been done.
void trace_settle();

inline void trace_event(operation what, std::uintptr_t address, std::uint64_t value,
                        std::uintptr_t pc, int size = 0, int order = 0, std::uint64_t before = 0) {
    if (rt.tracing) [[unlikely]]
        trace_slow(what, address, value, size, pc, order, before);
}

[[nodiscard]] const fixed_vector<trace_record>& trace_records();
[[nodiscard]] const fixed_vector<std::uintptr_t>& trace_frames();

}  // namespace interleave::detail
