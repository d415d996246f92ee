#pragma once

// What synchronizes at one address: mutex, read-write lock, condition variable, once flag, futex,
// semaphore, barrier, atomic variable. Found through the address's cell; they last one execution.

#include "clocks.hpp"
#include "shadow.hpp"

namespace interleave::detail {

__extension__ using bits128 = unsigned __int128;

/// One store to an atomic variable that a load may still return.
struct store_record {
    bits128 value;
    std::uint32_t* release;  ///< what an acquire load of it learns; null: nothing
    std::uint32_t* seen;     ///< per thread, the epoch in which it first wrote or read this store
    int fences_before_sc;    ///< seq_cst fences before its first seq_cst access; -1: none yet
};

struct store_history {
    static constexpr int kept = 8;
    store_record record[kept];
    int count = 0;     ///< stores so far; the newest is record[(count - 1) % kept]
    int last_sc = -1;  ///< the newest store that a seq_cst operation has made or returned
};

struct sync_object {
    std::uintptr_t address;
    std::uint32_t next;  ///< in the same cell, plus one
    std::int16_t owner;  ///< thread that holds it; -1: nobody
    bool busy;           ///< a once flag whose function is running
    std::uint8_t size;   ///< of an atomic variable
    int count;           ///< recursion, semaphore's value, arrivals at a barrier
    int readers;
    std::uint16_t writers_waiting;
    bool writers_first;      ///< readers wait behind a writer that waits
    std::uint32_t notified;  ///< notifications given
    std::uint32_t in_vain;   ///< of these, while nobody waited
    std::uint32_t phase;     ///< of a barrier
    std::uint32_t* release;  ///< what an acquiring operation learns; null: nothing yet
    std::uint32_t* readers_release;
    store_history* history;
    cell* home;
    thread_set held_by_readers;
    thread_set waiters;  ///< without a deadline for a mutex; for a condition, and not yet woken
    bool counted;        ///< count is a semaphore's
};

/// The read-write lock has room for another reader.
inline bool may_read(const sync_object& lock) noexcept {
    return lock.owner < 0 && !(lock.writers_first && lock.writers_waiting > 0);
}

[[nodiscard]] sync_object& new_sync_object(cell& home, std::uintptr_t address);
void sync_objects_restart() noexcept;
[[gnu::visibility("hidden")]] extern fixed_vector<sync_object> sync_objects;
[[nodiscard]] inline sync_object& sync_at(std::uint32_t index) noexcept {
    return sync_objects[index - 1];
}
/// Forgets what lived in these bytes: a new object is constructed there by plain stores.
void forget_sync_objects(cell& home, std::uintptr_t address, std::size_t size);

inline sync_object& sync_object_in(cell& c, std::uintptr_t address) {
    for (std::uint32_t i = c.sync; i;) {
        sync_object& object = sync_at(i);
        if (object.address == address) return object;
        i = object.next;
    }
    return new_sync_object(c, address);
}
inline sync_object& sync_object_of(std::uintptr_t address) {
    return sync_object_in(cell_of(address), address);
}
/// The same, without making one; null: there is none.
inline const sync_object* known_sync_object(std::uintptr_t address) {
    for (std::uint32_t i = cell_of(address).sync; i; i = sync_at(i).next)
        if (sync_at(i).address == address) return &sync_at(i);
    return nullptr;
}
inline std::uint32_t& release_clock_made(std::uint32_t*& clock) {
    if (!clock) clock = new_clock();
    return *clock;
}
inline void acquire(fiber& f, const std::uint32_t* clock) noexcept {
    if (clock) join_clock(f.clock, clock);
}
/// The object's clock becomes the thread's.
inline void release_set(fiber& f, std::uint32_t*& clock) {
    release_clock_made(clock);
    copy_clock(clock, f.clock);
    tick(f);
}
/// The object's clock learns the thread's.
inline void release_join(fiber& f, std::uint32_t*& clock) {
    release_clock_made(clock);
    join_clock(clock, f.clock);
    tick(f);
}

}  // namespace interleave::detail
