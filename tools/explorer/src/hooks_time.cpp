// Time is virtual inside an execution: it passes when everybody waits, or when the search lets it.

#include <sys/time.h>

#include "locks.hpp"
#include "real.hpp"

using namespace interleave::detail;

namespace {
std::int64_t nanoseconds(const timespec& t) {
    return t.tv_sec * 1'000'000'000ll + t.tv_nsec;
}
std::int64_t tick_clock() {
    return rt.time += 1'000;
}
}  // namespace

extern "C" {

int sched_yield() noexcept {
    if (!rt.active) return real().sched_yield();
    trace_event(operation::yield, 0, 0, INTERLEAVE_CALLER);
    yield_now();
    return 0;
}
int nanosleep(const timespec* length, timespec* left) {
    if (!rt.active) return real().nanosleep(length, left);
    sleep_until(rt.time + nanoseconds(*length), INTERLEAVE_CALLER);
    return 0;
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* length, timespec* left) {
    if (!rt.active) return real().clock_nanosleep(clock, flags, length, left);
    sleep_until(flags & TIMER_ABSTIME ? nanoseconds(*length) : rt.time + nanoseconds(*length),
                INTERLEAVE_CALLER);
    return 0;
}
int usleep(useconds_t length) {
    if (!rt.active) return real().usleep(length);
    sleep_until(rt.time + length * 1'000ll, INTERLEAVE_CALLER);
    return 0;
}
unsigned sleep(unsigned length) {
    if (!rt.active) return real().sleep(length);
    sleep_until(rt.time + length * 1'000'000'000ll, INTERLEAVE_CALLER);
    return 0;
}
int clock_gettime(clockid_t clock, timespec* now) noexcept {
    if (!rt.active) return real().clock_gettime(clock, now);
    const std::int64_t t = tick_clock();
    *now = {t / 1'000'000'000, t % 1'000'000'000};
    return 0;
}
int gettimeofday(timeval* __restrict now, void* __restrict zone) noexcept {
    if (!rt.active) return real().gettimeofday(now, zone);
    const std::int64_t t = tick_clock();
    *now = {t / 1'000'000'000, t % 1'000'000'000 / 1'000};
    return 0;
}
clock_t clock() noexcept {
    if (!rt.active) return real().clock();
    return tick_clock() / 1'000 % 1'000'000'000;
}
time_t time(time_t* now) noexcept {
    if (!rt.active) return real().time(now);
    const time_t t = tick_clock() / 1'000'000'000;
    if (now) *now = t;
    return t;
}

}  // extern "C"
