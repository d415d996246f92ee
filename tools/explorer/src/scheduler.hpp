#pragma once

#include "sync_object.hpp"

namespace interleave::detail {

/// A scheduling point: before an operation on what other threads use. Calls the next thread in its
/// tail, so that nothing but its caller is returned to.
void schedule();

/// Tells the partial-order reduction what the running thread has just used.
inline void touch(std::uintptr_t address, bool read_only = false) {
    if (rt.now.how == chooser::depth_first) [[unlikely]] {
        if (rt.touched.full())
            rt.touched_all = true;
        else
            rt.touched.push(address << 1 | (read_only ? 1 : 0));
    }
}

/// Counts an operation that may become a scheduling point, and says what it is about to use.
inline void begin_operation(fiber& f, std::uintptr_t address, bool read_only) {
    ++f.operations;
    ++f.streak;
    ++rt.steps;
    f.pending = address;
    f.pending_read = read_only;
}

/// A scheduling point if the location has been seen shared, or the replayed schedule says so.
inline void point(cell& c, std::uintptr_t address, bool read_only = false) {
    fiber& f = *rt.current;
    begin_operation(f, address, read_only);
    if (!(c.flags & cell::shared)) {
        if (!c.first_thread) {
            c.first_thread = static_cast<std::uint8_t>(f.id + 1);
        } else if (c.first_thread != static_cast<std::uint8_t>(f.id + 1)) {
            c.flags |= cell::shared;
            rt.flags_grew = true;
        }
    }
    if ((c.flags & cell::shared) || f.operations >= f.stop_at || f.streak > 200) schedule();
    touch(address, read_only);
}
/// A scheduling point in any case, before an operation on this address (0: on nothing shared).
inline void point_at(std::uintptr_t address) {
    begin_operation(*rt.current, address, false);
    schedule();
    touch(address);
}

// The two halves of block().
void begin_wait(waiting what, std::uintptr_t address, sync_object* object, std::int64_t deadline,
                std::uintptr_t pc);
bool end_wait();

/// Waits for what is named; a scheduling point even where it is there already. False: the
/// deadline passed first. Without a frame of its own: after a switch the processor expects the
/// returns of the thread that ran before.
[[gnu::always_inline]] inline bool block(waiting what, std::uintptr_t address, sync_object* object,
                                         std::int64_t deadline, std::uintptr_t pc) {
    begin_wait(what, address, object, deadline, pc);
    schedule();
    return end_wait();
}

/// Chooses among n alternatives; 0 is what happens unless something else is tried.
int choose(int n);

/// A thread that waits for a notification has been given one.
void wake(fiber& f);

/// The running thread would like others to go first.
void yield_now();

/// The next entry of the replayed schedule, or a long run without a scheduling point.
void plain_stop();

/// Chooses the next thread after the running one has finished.
[[noreturn]] void finish_current();

[[nodiscard]] const char* describe_thread(int id, char (&buffer)[24]) noexcept;

}  // namespace interleave::detail
