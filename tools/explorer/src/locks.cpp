#include "locks.hpp"

#include <pthread.h>
#include <cerrno>

#include "race.hpp"
#include "real.hpp"
#include "strategy.hpp"

namespace interleave::detail {
namespace {

bool recursive(int kind) {
    return (kind & 3) == PTHREAD_MUTEX_RECURSIVE;
}
bool checking(int kind) {
    return (kind & 3) == PTHREAD_MUTEX_ERRORCHECK;
}

/// Somebody looks at the lock without waiting for it, so that giving it up becomes a point, too.
void looked_at(sync_object& object) {
    if (object.home->flags & cell::tried) return;
    object.home->flags |= cell::tried;
    rt.flags_grew = true;
}

[[gnu::always_inline]] inline sync_object& enter(std::uintptr_t address, std::uintptr_t pc) {
    cell& c = cell_of(address);
    point(c, address);
    check_alive(c, address, pc);
    return sync_object_in(c, address);
}

/// Not a scheduling point.
[[gnu::always_inline]] inline sync_object& found_alive(std::uintptr_t address, std::uintptr_t pc) {
    cell& c = cell_of(address);
    check_alive(c, address, pc);
    return sync_object_in(c, address);
}

[[gnu::always_inline]] inline void before_unlock(sync_object& object) {
    if (object.home->flags & cell::tried)
        point(*object.home, object.address);
    else
        ++rt.current->operations, touch(object.address);
}

[[noreturn, gnu::noinline, gnu::cold]] void report_self_deadlock(std::uintptr_t address,
                                                                 std::uintptr_t pc) {
    trace_event(operation::blocked, address, 0, pc);
    char buffer[24];
    rt.failed.address = address;
    rt.failed.pc = pc;
    fail(failure::self_deadlock,
         "%s locks a mutex that it already holds, and waits for itself for ever.",
         describe_thread(rt.current->id, buffer));
}

[[noreturn, gnu::noinline, gnu::cold]] void report_bad_unlock(const sync_object& mutex,
                                                              std::uintptr_t pc) {
    trace_event(operation::unlock, mutex.address, 0, pc);
    char one[24], two[24];
    rt.failed.address = mutex.address;
    rt.failed.pc = pc;
    const char* const who = describe_thread(rt.current->id, one);
    if (mutex.owner < 0) fail(failure::bad_unlock, "%s unlocks a mutex that nobody holds.", who);
    fail(failure::bad_unlock, "%s unlocks a mutex that %s holds.", who,
         describe_thread(mutex.owner, two));
}

/// Who waits for it may not go on any more.
void take(sync_object& mutex, fiber& f) {
    mutex.owner = static_cast<std::int16_t>(f.id);
    mutex.count = 1;
    rt.runnable.remove_all(mutex.waiters);
    acquire(f, mutex.release);
}

}  // namespace

int lock_mutex(std::uintptr_t address, int kind, std::int64_t deadline, std::uintptr_t pc,
               bool told) {
    fiber& f = *rt.current;
    sync_object& object = enter(address, pc);
    if (object.owner == f.id) {
        if (recursive(kind)) {
            ++object.count;
            return 0;
        }
        if (checking(kind)) return EDEADLK;
        if (deadline < 0) report_self_deadlock(address, pc);
    }
    if (deadline >= 0) looked_at(object);
    while (object.owner >= 0) {
        trace_event(operation::blocked, address, static_cast<std::uint64_t>(object.owner), pc);
        if (!block(waiting::mutex, address, &object, deadline, pc) && object.owner >= 0) {
            trace_event(operation::lock_failed, address, 0, pc);
            return ETIMEDOUT;
        }
    }
    take(object, f);
    if (told) trace_event(operation::lock, address, 0, pc);
    return 0;
}

int try_lock_mutex(std::uintptr_t address, int kind, std::uintptr_t pc) {
    fiber& f = *rt.current;
    sync_object& object = enter(address, pc);
    looked_at(object);
    if (object.owner == f.id && recursive(kind)) {
        ++object.count;
        return 0;
    }
    if (object.owner >= 0) {
        trace_event(operation::lock_failed, address, 0, pc);
        return EBUSY;
    }
    take(object, f);
    trace_event(operation::lock, address, 0, pc);
    return 0;
}

int unlock_mutex(std::uintptr_t address, int kind, std::uintptr_t pc, bool told) {
    fiber& f = *rt.current;
    sync_object& object = found_alive(address, pc);
    if (object.owner != f.id) {
        if (checking(kind)) return EPERM;
        report_bad_unlock(object, pc);
    }
    if (object.count > 1) {
        --object.count;
        return 0;
    }
    before_unlock(object);
    object.count = 0;
    object.owner = -1;
    rt.runnable.add_all(object.waiters);
    release_set(f, object.release);
    if (told) trace_event(operation::unlock, address, 0, pc);
    return 0;
}

int lock_shared(std::uintptr_t address, bool writers_first, std::int64_t deadline,
                std::uintptr_t pc) {
    fiber& f = *rt.current;
    sync_object& object = enter(address, pc);
    object.writers_first = writers_first;
    if (object.owner == f.id) return EDEADLK;
    if (deadline >= 0) looked_at(object);
    while (!may_read(object)) {
        trace_event(operation::blocked, address, static_cast<std::uint64_t>(object.owner), pc);
        if (!block(waiting::read_lock, address, &object, deadline, pc) && !may_read(object)) {
            trace_event(operation::lock_failed, address, 0, pc);
            return ETIMEDOUT;
        }
    }
    ++object.readers;
    object.held_by_readers.add(f.id);
    acquire(f, object.release);
    trace_event(operation::read_lock, address, 0, pc);
    return 0;
}

int lock_exclusive(std::uintptr_t address, std::int64_t deadline, std::uintptr_t pc) {
    fiber& f = *rt.current;
    sync_object& object = enter(address, pc);
    if (object.owner == f.id) return EDEADLK;
    if (deadline >= 0) looked_at(object);
    while (object.owner >= 0 || object.readers > 0) {
        trace_event(operation::blocked, address, static_cast<std::uint64_t>(object.owner), pc);
        ++object.writers_waiting;
        const bool in_time = block(waiting::write_lock, address, &object, deadline, pc);
        --object.writers_waiting;
        if (!in_time && (object.owner >= 0 || object.readers > 0)) {
            trace_event(operation::lock_failed, address, 0, pc);
            return ETIMEDOUT;
        }
    }
    object.owner = static_cast<std::int16_t>(f.id);
    acquire(f, object.release);
    acquire(f, object.readers_release);
    trace_event(operation::write_lock, address, 0, pc);
    return 0;
}

int try_lock_rw(std::uintptr_t address, bool exclusive, bool writers_first, std::uintptr_t pc) {
    fiber& f = *rt.current;
    sync_object& object = enter(address, pc);
    object.writers_first = writers_first;
    looked_at(object);
    if (exclusive ? object.owner >= 0 || object.readers > 0 : !may_read(object)) {
        trace_event(operation::lock_failed, address, 0, pc);
        return EBUSY;
    }
    acquire(f, object.release);
    if (exclusive) {
        object.owner = static_cast<std::int16_t>(f.id);
        acquire(f, object.readers_release);
    } else {
        ++object.readers;
        object.held_by_readers.add(f.id);
    }
    trace_event(exclusive ? operation::write_lock : operation::read_lock, address, 0, pc);
    return 0;
}

int unlock_rw(std::uintptr_t address, std::uintptr_t pc) {
    fiber& f = *rt.current;
    sync_object& object = found_alive(address, pc);
    before_unlock(object);
    if (object.owner == f.id) {
        object.owner = -1;
        release_set(f, object.release);
    } else if (object.readers > 0) {
        --object.readers;
        object.held_by_readers.remove(f.id);
        release_join(f, object.readers_release);
    } else {
        trace_event(operation::rw_unlock, address, 0, pc);
        char buffer[24];
        rt.failed.address = address;
        fail(failure::bad_unlock, "%s unlocks a read-write lock that it does not hold.",
             describe_thread(f.id, buffer));
    }
    trace_event(operation::rw_unlock, address, 0, pc);
    return 0;
}

// Flat, as block() is.
[[gnu::flatten]] int wait_condition(std::uintptr_t condition, std::uintptr_t mutex, int kind,
                                    std::int64_t deadline, std::uintptr_t pc) {
    sync_object& object = enter(condition, pc);
    trace_event(operation::wait, condition, 0, pc);
    unlock_mutex(mutex, kind, pc, false);
    bool spurious = false;
    if (rt.now.how == chooser::depth_first || !rt.how.spurious_wakeups)
        choose(1);
    else if (rt.now.how == chooser::replay)
        spurious = choose(2) == 1;
    else
        spurious = choose(random_below(8) == 0 ? 2 : 1) == 1;
    bool in_time = true;
    if (spurious)
        point_at(condition);
    else
        in_time = block(waiting::condition, condition, &object, deadline, pc);
    trace_event(spurious  ? operation::spurious_wake
                : in_time ? operation::wake
                          : operation::timeout,
                condition, 0, pc);
    lock_mutex(mutex, kind, -1, pc, false);
    return in_time ? 0 : ETIMEDOUT;
}

int notify_condition(std::uintptr_t condition, bool all, std::uintptr_t pc) {
    sync_object& object = enter(condition, pc);
    const thread_set sleeping = object.waiters;
    ++object.notified;
    const int count = sleeping.size();
    if (count == 0) ++object.in_vain;
    trace_event(all ? operation::notify_all : operation::notify_one, condition,
                static_cast<std::uint64_t>(count), pc);
    if (all) {
        choose(1);
        sleeping.for_each([](int id) { wake(*rt.fibers[id]); });
    } else if (const int which = choose(count); count > 0) {
        wake(*rt.fibers[sleeping.at(which)]);
    }
    return 0;
}

long wait_futex(std::uintptr_t address, int expected, std::int64_t deadline, std::uintptr_t pc) {
    sync_object& object = enter(address, pc);
    if (*reinterpret_cast<volatile int*>(address) != expected) {
        errno = EAGAIN;
        return -1;
    }
    rt.current->wait_value = static_cast<std::uint32_t>(expected);
    trace_event(operation::futex_wait, address, static_cast<std::uint64_t>(expected), pc);
    const bool in_time = block(waiting::futex, address, &object, deadline, pc);
    trace_event(in_time ? operation::futex_awake : operation::timeout, address, 0, pc);
    if (in_time) return 0;
    errno = ETIMEDOUT;
    return -1;
}

long wake_futex(std::uintptr_t address, int most, std::uintptr_t pc) {
    // The address alone is used: who is woken may have ended the variable's life by now.
    cell& c = cell_of(address);
    point(c, address);
    sync_object& object = sync_object_in(c, address);
    long count = 0;
    rt.blocked.for_each([&](int id) {
        fiber& f = *rt.fibers[id];
        if (count < most && f.wait == waiting::futex && f.wait_address == address && !f.woken &&
            !f.timed_out) {
            wake(f);
            ++count;
        }
    });
    ++object.notified;
    if (!count) ++object.in_vain;
    trace_event(operation::futex_wake, address, static_cast<std::uint64_t>(count), pc);
    return count;
}

sync_object& semaphore_in(cell& c, std::uintptr_t address) {
    sync_object& object = sync_object_in(c, address);
    if (!object.counted) {
        object.counted = true;
        real().sem_getvalue(reinterpret_cast<sem_t*>(address), &object.count);
    }
    return object;
}

int wait_semaphore(std::uintptr_t address, std::int64_t deadline, std::uintptr_t pc) {
    fiber& f = *rt.current;
    enter(address, pc);
    sync_object& object = semaphore_in(cell_of(address), address);
    while (object.count <= 0) {
        trace_event(operation::blocked, address, ~0ull, pc);
        if (!block(waiting::semaphore, address, &object, deadline, pc) && object.count <= 0) {
            errno = ETIMEDOUT;
            return -1;
        }
    }
    --object.count;
    acquire(f, object.release);
    trace_event(operation::semaphore_wait, address, static_cast<std::uint64_t>(object.count), pc);
    return 0;
}

void sleep_until(std::int64_t deadline, std::uintptr_t pc) {
    trace_event(operation::sleep, 0, static_cast<std::uint64_t>(deadline - rt.time), pc);
    lower_priority(*rt.current);
    block(waiting::sleep, 0, nullptr, deadline, pc);
}

}  // namespace interleave::detail
