// What leaves the explorer's world: the end of the process, and calls that wait for something which
// is not a thread of the body.

#include <sys/stat.h>

#include <cstdarg>
#include <cstdlib>

#include "early_heap.hpp"
#include "exit_handlers.hpp"
#include "real.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

using namespace interleave::detail;
using interleave::failure;

namespace {

void outside(const char* call, std::uintptr_t pc) {
    char buffer[24];
    trace_event(operation::blocked, 0, 0, pc);
    rt.failed.pc = pc;
    fail(failure::outside_world,
         "%s calls %s(), which waits for something outside the explorer's world: only threads of "
         "the body can be scheduled.",
         describe_thread(rt.current->id, buffer), call);
}

void ends_process(const char* call, int status, std::uintptr_t pc) {
    char buffer[24];
    if (rt.how.whole_program && status == 0) leave(ending::done);
    rt.failed.pc = pc;
    if (rt.how.whole_program)
        fail(failure::exit, "%s ends the program with the status %d.",
             describe_thread(rt.current->id, buffer), status);
    fail(failure::exit, "%s calls %s(%d), which would end the whole program.",
         describe_thread(rt.current->id, buffer), call, status);
}

}  // namespace

#define OUTSIDE(call, ...)                            \
    if (rt.active) outside(#call, INTERLEAVE_CALLER); \
    return real().call(__VA_ARGS__)

extern "C" {

void exit(int status) noexcept {
    if (rt.active && rt.how.whole_program && status == 0) run_exit_handlers();
    if (rt.active) ends_process("exit", status, INTERLEAVE_CALLER);
    real().exit(status);
    __builtin_unreachable();
}
void _exit(int status) {
    if (rt.active) ends_process("_exit", status, INTERLEAVE_CALLER);
    real()._exit(status);
    __builtin_unreachable();
}
void _Exit(int status) noexcept {
    if (rt.active) ends_process("_Exit", status, INTERLEAVE_CALLER);
    real()._Exit(status);
    __builtin_unreachable();
}
void quick_exit(int status) noexcept {
    if (rt.active) ends_process("quick_exit", status, INTERLEAVE_CALLER);
    real().quick_exit(status);
    __builtin_unreachable();
}
void abort() noexcept {
    if (rt.active) {
        char buffer[24];
        rt.failed.pc = INTERLEAVE_CALLER;
        fail(failure::crash, "%s calls abort().", describe_thread(rt.current->id, buffer));
    }
    real().abort();
    __builtin_unreachable();
}
void __assert_fail(const char* expression, const char* file, unsigned line,
                   const char* function) noexcept {
    if (!rt.active) {
        real().assert_fail(expression, file, line, function);
        __builtin_unreachable();
    }
    char buffer[24];
    trace_event(operation::expect_failed, 0, 0, INTERLEAVE_CALLER);
    rt.failed.file = file;
    rt.failed.line = static_cast<int>(line);
    rt.failed.pc = INTERLEAVE_CALLER;
    fail(failure::wrong_result, "assert(%s) does not hold, in %s (%s:%u).", expression,
         describe_thread(rt.current->id, buffer), file, line);
}

int poll(pollfd* p, nfds_t n, int t) {
    OUTSIDE(poll, p, n, t);
}
int select(int n, fd_set* r, fd_set* w, fd_set* e, timeval* t) {
    OUTSIDE(select, n, r, w, e, t);
}
int epoll_wait(int fd, epoll_event* e, int n, int t) {
    OUTSIDE(epoll_wait, fd, e, n, t);
}
ssize_t recv(int fd, void* b, std::size_t n, int f) {
    OUTSIDE(recv, fd, b, n, f);
}
ssize_t recvfrom(int fd, void* b, std::size_t n, int f, sockaddr* a, socklen_t* l) {
    OUTSIDE(recvfrom, fd, b, n, f, a, l);
}
ssize_t recvmsg(int fd, msghdr* m, int f) {
    OUTSIDE(recvmsg, fd, m, f);
}
int accept(int fd, sockaddr* a, socklen_t* l) {
    OUTSIDE(accept, fd, a, l);
}
int accept4(int fd, sockaddr* a, socklen_t* l, int f) {
    OUTSIDE(accept4, fd, a, l, f);
}
pid_t wait(int* s) {
    OUTSIDE(wait, s);
}
pid_t waitpid(pid_t p, int* s, int o) {
    OUTSIDE(waitpid, p, s, o);
}
int waitid(idtype_t t, id_t i, siginfo_t* s, int o) {
    OUTSIDE(waitid, t, i, s, o);
}
pid_t wait4(pid_t p, int* s, int o, rusage* u) noexcept {
    OUTSIDE(wait4, p, s, o, u);
}
int pause() {
    OUTSIDE(pause);
}
int sigwait(const sigset_t* set, int* sig) {
    OUTSIDE(sigwait, set, sig);
}
pid_t fork() noexcept {
    OUTSIDE(fork);
}
int system(const char* command) {
    OUTSIDE(system, command);
}
int pthread_cancel(pthread_t t) {
    OUTSIDE(pthread_cancel, t);
}
int pthread_kill(pthread_t t, int s) noexcept {
    OUTSIDE(pthread_kill, t, s);
}

ssize_t read(int fd, void* buffer, std::size_t size) {
    if (rt.active) {
        struct stat about;
        if (fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) outside("read", INTERLEAVE_CALLER);
    }
    early_heap_make_writable(buffer, size);
    return real().read(fd, buffer, size);
}

}  // extern "C"
