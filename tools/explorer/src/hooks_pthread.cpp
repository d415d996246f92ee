// pthread, semaphores and futexes. The C++ library's threads, mutexes, condition variables,
// futures, latches and the rest of it end here.

#include <linux/futex.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdarg>

#include "fiber.hpp"
#include "locks.hpp"
#include "outcomes.hpp"
#include "race.hpp"
#include "real.hpp"
#include "threads.hpp"

using namespace interleave::detail;

namespace {

std::uintptr_t number(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}
std::int64_t nanoseconds(const timespec* t) {
    return t ? t->tv_sec * 1'000'000'000ll + t->tv_nsec : -1;
}

// Handles of fibers; the same in every run, because std::barrier hashes them.
constexpr std::uintptr_t first_handle = 0x1e'0000'0000, handle_step = 0x1000;
pthread_t handle_of(const fiber& f) {
    return static_cast<pthread_t>(first_handle + handle_step * f.id);
}
fiber* fiber_of(pthread_t handle) {
    const std::uintptr_t id = (static_cast<std::uintptr_t>(handle) - first_handle) / handle_step;
    return id < static_cast<std::uintptr_t>(rt.count) ? rt.fibers[id] : nullptr;
}

// Barriers that were made outside of executions: they do not tell for how many threads they are.
struct early_barrier {
    const pthread_barrier_t* place;
    unsigned count;
};
INTERLEAVE_KEEP fixed_vector<early_barrier> early_barriers;

early_barrier* early(const pthread_barrier_t* b) {
    for (early_barrier& each : early_barriers)
        if (each.place == b) return &each;
    return nullptr;
}

void remember_early(const pthread_barrier_t* b, unsigned count) {
    early_barriers.reserve(1 << 16);
    if (early_barrier* const made_again = early(b))
        made_again->count = count;
    else if (!early_barriers.full())
        early_barriers.push({b, count});
}

bool writers_first(const pthread_rwlock_t* l) {
    return l->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

// What gettid() says: the body has the process's own number, as a main thread has.
pid_t thread_number(const fiber& f) {
    return getpid() + f.id;
}

}  // namespace

namespace interleave::detail {

void start_thread(pthread_t* handle, void* (*start)(void*), void* argument, bool detached,
                  std::uintptr_t pc) {
    fiber& parent = *rt.current;
    fiber& child = spawn_fiber(start, argument);
    join_clock(child.clock, parent.clock);
    child.created_pc = pc;
    tick(parent);
    child.detached = detached;
    *handle = handle_of(child);
    check_range(number(handle), sizeof *handle, access_write | access_plain, pc);
    trace_event(operation::create, 0, child.id, pc);
    rt.spawning = true;
    point_at(0);
    rt.spawning = false;
}

int join_thread(pthread_t handle, void** returned, std::int64_t deadline, std::uintptr_t pc) {
    fiber* other = fiber_of(handle);
    if (!other || other->joined || other->detached) return EINVAL;
    if (other == rt.current) return EDEADLK;
    if (!block(waiting::join, other->id, nullptr, deadline, pc) && !other->finished)
        return ETIMEDOUT;
    other->joined = true;
    acquire(*rt.current, other->clock);
    if (returned) *returned = other->returned;
    trace_event(operation::join, 0, other->id, pc);
    return 0;
}

}  // namespace interleave::detail

#define REAL_UNLESS_ACTIVE(call) \
    if (!rt.active) return real().call

extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) {
    REAL_UNLESS_ACTIVE(pthread_create(thread, attributes, start, argument));
    int state = PTHREAD_CREATE_JOINABLE;
    if (attributes) pthread_attr_getdetachstate(attributes, &state);
    start_thread(thread, start, argument, state == PTHREAD_CREATE_DETACHED, INTERLEAVE_CALLER);
    return 0;
}
int pthread_join(pthread_t thread, void** returned) {
    REAL_UNLESS_ACTIVE(pthread_join(thread, returned));
    return join_thread(thread, returned, -1, INTERLEAVE_CALLER);
}
int pthread_tryjoin_np(pthread_t thread, void** returned) {
    REAL_UNLESS_ACTIVE(pthread_tryjoin_np(thread, returned));
    fiber* other = fiber_of(thread);
    if (other && !other->finished) {
        point_at(0);
        if (!other->finished) return EBUSY;
    }
    return join_thread(thread, returned, -1, INTERLEAVE_CALLER);
}
int pthread_timedjoin_np(pthread_t thread, void** returned, const timespec* until) {
    REAL_UNLESS_ACTIVE(pthread_timedjoin_np(thread, returned, until));
    return join_thread(thread, returned, nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_detach(pthread_t thread) {
    REAL_UNLESS_ACTIVE(pthread_detach(thread));
    fiber* other = fiber_of(thread);
    if (!other) return ESRCH;
    other->detached = true;
    trace_event(operation::detach, 0, other->id, INTERLEAVE_CALLER);
    return 0;
}
pthread_t pthread_self() noexcept {
    REAL_UNLESS_ACTIVE(pthread_self());
    return handle_of(*rt.current);
}
pid_t gettid() noexcept {
    REAL_UNLESS_ACTIVE(gettid());
    return thread_number(*rt.current);
}
int pthread_setname_np(pthread_t thread, const char* name) noexcept {
    REAL_UNLESS_ACTIVE(pthread_setname_np(thread, name));
    return 0;
}
int pthread_setaffinity_np(pthread_t thread, std::size_t size, const cpu_set_t* set) noexcept {
    REAL_UNLESS_ACTIVE(pthread_setaffinity_np(thread, size, set));
    return 0;
}

int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* attributes) noexcept {
    if (rt.active)
        check_range(number(m), sizeof *m, access_write | access_plain, INTERLEAVE_CALLER);
    return real().pthread_mutex_init(m, attributes);
}
int pthread_mutex_destroy(pthread_mutex_t* m) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_destroy(m));
    return known_sync_object(number(m)) && known_sync_object(number(m))->owner >= 0 ? EBUSY : 0;
}
int pthread_mutex_lock(pthread_mutex_t* m) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_lock(m));
    return lock_mutex(number(m), m->__data.__kind, -1, INTERLEAVE_CALLER);
}
int pthread_mutex_trylock(pthread_mutex_t* m) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_trylock(m));
    return try_lock_mutex(number(m), m->__data.__kind, INTERLEAVE_CALLER);
}
int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_timedlock(m, until));
    return lock_mutex(number(m), m->__data.__kind, nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock, const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_clocklock(m, clock, until));
    return lock_mutex(number(m), m->__data.__kind, nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_mutex_unlock(pthread_mutex_t* m) noexcept {
    REAL_UNLESS_ACTIVE(pthread_mutex_unlock(m));
    return unlock_mutex(number(m), m->__data.__kind, INTERLEAVE_CALLER);
}

int pthread_cond_destroy(pthread_cond_t* c) noexcept {
    REAL_UNLESS_ACTIVE(pthread_cond_destroy(c));
    return 0;
}
int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
    REAL_UNLESS_ACTIVE(pthread_cond_wait(c, m));
    return wait_condition(number(c), number(m), m->__data.__kind, -1, INTERLEAVE_CALLER);
}
int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m, const timespec* until) {
    REAL_UNLESS_ACTIVE(pthread_cond_timedwait(c, m, until));
    return wait_condition(number(c), number(m), m->__data.__kind, nanoseconds(until),
                          INTERLEAVE_CALLER);
}
int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                           const timespec* until) {
    REAL_UNLESS_ACTIVE(pthread_cond_clockwait(c, m, clock, until));
    return wait_condition(number(c), number(m), m->__data.__kind, nanoseconds(until),
                          INTERLEAVE_CALLER);
}
int pthread_cond_signal(pthread_cond_t* c) noexcept {
    REAL_UNLESS_ACTIVE(pthread_cond_signal(c));
    return notify_condition(number(c), false, INTERLEAVE_CALLER);
}
int pthread_cond_broadcast(pthread_cond_t* c) noexcept {
    REAL_UNLESS_ACTIVE(pthread_cond_broadcast(c));
    return notify_condition(number(c), true, INTERLEAVE_CALLER);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_rdlock(l));
    return lock_shared(number(l), writers_first(l), -1, INTERLEAVE_CALLER);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_wrlock(l));
    return lock_exclusive(number(l), -1, INTERLEAVE_CALLER);
}
int pthread_rwlock_timedrdlock(pthread_rwlock_t* l, const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_timedrdlock(l, until));
    return lock_shared(number(l), writers_first(l), nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_rwlock_timedwrlock(pthread_rwlock_t* l, const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_timedwrlock(l, until));
    return lock_exclusive(number(l), nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_rwlock_clockrdlock(pthread_rwlock_t* l, clockid_t clock,
                               const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_clockrdlock(l, clock, until));
    return lock_shared(number(l), writers_first(l), nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_rwlock_clockwrlock(pthread_rwlock_t* l, clockid_t clock,
                               const timespec* until) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_clockwrlock(l, clock, until));
    return lock_exclusive(number(l), nanoseconds(until), INTERLEAVE_CALLER);
}
int pthread_rwlock_tryrdlock(pthread_rwlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_tryrdlock(l));
    return try_lock_rw(number(l), false, writers_first(l), INTERLEAVE_CALLER);
}
int pthread_rwlock_trywrlock(pthread_rwlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_trywrlock(l));
    return try_lock_rw(number(l), true, writers_first(l), INTERLEAVE_CALLER);
}
int pthread_rwlock_unlock(pthread_rwlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_rwlock_unlock(l));
    return unlock_rw(number(l), INTERLEAVE_CALLER);
}

int pthread_spin_init(pthread_spinlock_t* l, int shared) noexcept {
    REAL_UNLESS_ACTIVE(pthread_spin_init(l, shared));
    return 0;
}
int pthread_spin_lock(pthread_spinlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_spin_lock(l));
    return lock_mutex(number(l), 0, -1, INTERLEAVE_CALLER);
}
int pthread_spin_trylock(pthread_spinlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_spin_trylock(l));
    return try_lock_mutex(number(l), 0, INTERLEAVE_CALLER);
}
int pthread_spin_unlock(pthread_spinlock_t* l) noexcept {
    REAL_UNLESS_ACTIVE(pthread_spin_unlock(l));
    return unlock_mutex(number(l), 0, INTERLEAVE_CALLER);
}

int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* attributes,
                         unsigned count) noexcept {
    if (!rt.active) remember_early(b, count);
    REAL_UNLESS_ACTIVE(pthread_barrier_init(b, attributes, count));
    sync_object& object = sync_object_of(number(b));
    object.readers = static_cast<int>(count);
    object.count = 0;
    return count ? 0 : EINVAL;
}
int pthread_barrier_destroy(pthread_barrier_t* b) noexcept {
    REAL_UNLESS_ACTIVE(pthread_barrier_destroy(b));
    return 0;
}
int pthread_barrier_wait(pthread_barrier_t* b) noexcept {
    REAL_UNLESS_ACTIVE(pthread_barrier_wait(b));
    fiber& f = *rt.current;
    cell& c = cell_of(number(b));
    point(c, number(b));
    sync_object& object = sync_object_in(c, number(b));
    if (!object.readers)
        if (const early_barrier* const known = early(b))
            object.readers = static_cast<int>(known->count);
    trace_event(operation::barrier_wait, number(b), 0, INTERLEAVE_CALLER);
    release_join(f, object.release);
    if (++object.count == object.readers) {
        object.count = 0;
        ++object.phase;
        acquire(f, object.release);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    f.wait_value = object.phase;
    block(waiting::barrier, number(b), &object, -1, INTERLEAVE_CALLER);
    acquire(f, object.release);
    trace_event(operation::barrier_leave, number(b), 0, INTERLEAVE_CALLER);
    return 0;
}

int sem_init(sem_t* s, int shared, unsigned value) noexcept {
    REAL_UNLESS_ACTIVE(sem_init(s, shared, value));
    sync_object& object = sync_object_of(number(s));
    object.count = static_cast<int>(value);
    object.counted = true;
    return 0;
}
int sem_destroy(sem_t* s) noexcept {
    REAL_UNLESS_ACTIVE(sem_destroy(s));
    return 0;
}
int sem_wait(sem_t* s) {
    REAL_UNLESS_ACTIVE(sem_wait(s));
    return wait_semaphore(number(s), -1, INTERLEAVE_CALLER);
}
int sem_timedwait(sem_t* s, const timespec* until) {
    REAL_UNLESS_ACTIVE(sem_timedwait(s, until));
    return wait_semaphore(number(s), nanoseconds(until), INTERLEAVE_CALLER);
}
int sem_clockwait(sem_t* s, clockid_t clock, const timespec* until) {
    REAL_UNLESS_ACTIVE(sem_clockwait(s, clock, until));
    return wait_semaphore(number(s), nanoseconds(until), INTERLEAVE_CALLER);
}
int sem_trywait(sem_t* s) noexcept {
    REAL_UNLESS_ACTIVE(sem_trywait(s));
    cell& c = cell_of(number(s));
    point(c, number(s));
    sync_object& object = semaphore_in(c, number(s));
    if (object.count <= 0) {
        errno = EAGAIN;
        return -1;
    }
    --object.count;
    acquire(*rt.current, object.release);
    trace_event(operation::semaphore_wait, number(s), 0, INTERLEAVE_CALLER);
    return 0;
}
int sem_post(sem_t* s) noexcept {
    REAL_UNLESS_ACTIVE(sem_post(s));
    cell& c = cell_of(number(s));
    point(c, number(s));
    sync_object& object = semaphore_in(c, number(s));
    release_join(*rt.current, object.release);
    ++object.count;
    trace_event(operation::semaphore_post, number(s), static_cast<std::uint64_t>(object.count),
                INTERLEAVE_CALLER);
    return 0;
}
int sem_getvalue(sem_t* s, int* value) noexcept {
    REAL_UNLESS_ACTIVE(sem_getvalue(s, value));
    *value = semaphore_in(cell_of(number(s)), number(s)).count;
    return 0;
}

long syscall(long call, ...) noexcept {
    va_list list;
    va_start(list, call);
    long a[6];
    for (long& argument : a) argument = va_arg(list, long);
    va_end(list);
    if (call == SYS_futex && rt.active) {
        const auto address = static_cast<std::uintptr_t>(a[0]);
        const int what = static_cast<int>(a[1]) & FUTEX_CMD_MASK;
        if (what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET) {
            std::int64_t until = nanoseconds(reinterpret_cast<const timespec*>(a[3]));
            if (until >= 0 && what == FUTEX_WAIT) until += rt.time;
            return wait_futex(address, static_cast<int>(a[2]), until, INTERLEAVE_CALLER);
        }
        if (what == FUTEX_WAKE || what == FUTEX_WAKE_BITSET)
            return wake_futex(address, static_cast<int>(a[2]), INTERLEAVE_CALLER);
    }
    if (call == SYS_gettid && rt.active) return thread_number(*rt.current);
    const long value = raw_syscall(call, a);
    if (value < 0 && value > -4096) {
        errno = static_cast<int>(-value);
        return -1;
    }
    return value;
}

}  // extern "C"
