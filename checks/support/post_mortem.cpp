// What a check can still say when it will never return: a crash names its stack, and the runner can
// ask a hung check, thread by thread, where each one stands (SIGUSR2).
//
// Addresses are written relative to the executable, to be turned into lines by the runner. Under a
// sanitizer the sanitizer's own handlers report crashes, and none is installed here.
//
// Of threads that come to grief at the same time the first one speaks, and the others wait for the
// end: what two say at once is neither's.

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "support/events.hpp"
#include "support/thread_sanitizer.hpp"

#if INTERLEAVE_THREAD_SANITIZER || defined(__SANITIZE_ADDRESS__)
#define INTERLEAVE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERLEAVE_SANITIZED 1
#endif
#endif

extern "C" const char __executable_start;
extern "C" const char etext;

namespace interleave::events {
namespace {

struct channel {
    int descriptor = -1;
    pid_t owner = 0;
    char key[64] = {};  ///< Begins every line; see open_channel().
    std::size_t key_size = 0;
};

/// INTERLEAVE_EVENTS is "3" or "3 KEY". The key tells the check's lines from those that an answer
/// writes to the same descriptor, so it is taken out of the environment before the answer begins.
channel open_channel() noexcept {
    char* name = std::getenv("INTERLEAVE_EVENTS");
    if (name == nullptr) return {};
    channel opened{.descriptor = std::atoi(name), .owner = getpid()};
    // The loopback server and the like must not keep the channel open.
    if (fcntl(opened.descriptor, F_SETFD, FD_CLOEXEC) != 0) return {};
    if (char* key = std::strchr(name, ' '); key != nullptr) {
        opened.key_size = std::min(std::strlen(key + 1) + 1, sizeof opened.key);
        std::memcpy(opened.key, key + 1, opened.key_size);
        opened.key[opened.key_size - 1] = ' ';
        std::memset(key, 0, std::strlen(key));
    }
    return opened;
}

// Before any static constructor of the answer, so that one that crashes is seen.
[[gnu::init_priority(101)]] const channel the_channel = open_channel();

}  // namespace

int descriptor() noexcept {
    return the_channel.descriptor;
}

bool in_main_process() noexcept {
    return getpid() == the_channel.owner;
}

void write_line(std::string_view line) noexcept {
    // A child that an answer forked and forgot to end must not speak for the check.
    if (the_channel.descriptor < 0 || !in_main_process()) return;
    // One write a line: lines of several threads stay whole (PIPE_BUF for the short ones; only the
    // main thread writes long ones).
    char buffer[65536];
    const std::size_t key = the_channel.key_size;
    const std::size_t size = key + std::min(line.size(), sizeof buffer - 1 - key);
    std::memcpy(buffer, the_channel.key, key);
    std::memcpy(buffer + key, line.data(), size - key);
    buffer[size] = '\n';
    std::size_t written = 0;
    while (written < size + 1) {
        const ssize_t n = write(the_channel.descriptor, buffer + written, size + 1 - written);
        if (n < 0 && errno != EINTR) return;
        if (n > 0) written += static_cast<std::size_t>(n);
    }
}

}  // namespace interleave::events

namespace {

/// Returns in the first thread that calls it, every time; another one waits here for the end of the
/// process. Safe in a signal handler.
void speak_alone() noexcept {
    static std::atomic<long> speaker{0};
    const long me = syscall(SYS_gettid);
    long nobody = 0;
    if (speaker.compare_exchange_strong(nobody, me) || nobody == me) return;
    while (true) pause();
}

std::terminate_handler library_handler = nullptr;

/// The library's handler says which exception it was. Entered by a second thread it says only that.
[[noreturn]] void on_terminate() {
    speak_alone();
    library_handler();
    std::abort();
}

[[gnu::constructor(102)]] void install_terminate_handler() {
    if (interleave::events::descriptor() < 0) return;
    library_handler = std::set_terminate(on_terminate);
}

}  // namespace

#if !defined(INTERLEAVE_SANITIZED) && defined(__linux__)
namespace {

constexpr int max_frames = 48;

/// A line under construction in a signal handler: no allocation, no printf.
class line_buffer {
  public:
    void append(std::string_view text) noexcept {
        for (const char c : text) {
            if (size_ < sizeof text_) text_[size_++] = c;
        }
    }
    void append_hex(std::uintptr_t value) noexcept {
        char digits[2 * sizeof value];
        int count = 0;
        do {
            digits[count++] = "0123456789abcdef"[value % 16];
            value /= 16;
        } while (value != 0);
        append("0x");
        while (count > 0) append({&digits[--count], 1});
    }
    void append_decimal(long value) noexcept {
        char digits[24];
        int count = 0;
        do {
            digits[count++] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        while (count > 0) append({&digits[--count], 1});
    }
    std::string_view view() const noexcept { return {text_, size_}; }

  private:
    char text_[2048];
    std::size_t size_ = 0;
};

/// Where the thread was when the signal came; 0 where that is not known.
std::uintptr_t interrupted_at([[maybe_unused]] const void* context) noexcept {
#if defined(__x86_64__)
    const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext;
    return static_cast<std::uintptr_t>(registers.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
#else
    return 0;
#endif
}

/// {"event":"stack","signal":11,"thread":4711,"pcs":["0x12ab",...]}; addresses outside the
/// executable are left out. Each address lies in the instruction that its frame executes: the
/// return addresses are given less one.
void write_stack(int signal, const void* context) noexcept {
    void* frames[max_frames];
    const int count = backtrace(frames, max_frames);
    line_buffer line;
    line.append(R"({"event":"stack","signal":)");
    line.append_decimal(signal);
    line.append(R"(,"thread":)");
    line.append_decimal(syscall(SYS_gettid));
    line.append(R"(,"pcs":[)");
    const auto begin = reinterpret_cast<std::uintptr_t>(&__executable_start);
    const auto end = reinterpret_cast<std::uintptr_t>(&etext);
    const auto address = [&](int i) { return reinterpret_cast<std::uintptr_t>(frames[i]); };
    const std::uintptr_t interrupted = interrupted_at(context);
    int innermost = 0;  // the frames before it are this handler's
    while (innermost < count && address(innermost) != interrupted) ++innermost;
    if (innermost == count) innermost = 0;
    bool first = true;
    for (int i = innermost; i < count; ++i) {
        const auto pc = address(i) == interrupted ? interrupted : address(i) - 1;
        if (pc < begin || pc >= end) continue;
        line.append(first ? "\"" : ",\"");
        line.append_hex(pc - begin);
        line.append("\"");
        first = false;
    }
    line.append("]}");
    interleave::events::write_line(line.view());
}

void on_request(int signal, siginfo_t*, void* context) {
    const int saved = errno;
    write_stack(signal, context);
    errno = saved;
}

void on_crash(int signal, siginfo_t*, void* context) {
    static std::atomic<bool> written{false};
    speak_alone();
    // A crash in here comes back in here.
    if (!written.exchange(true) && interleave::events::in_main_process()) {
        write_stack(signal, context);
    }
    ::signal(signal, SIG_DFL);
    raise(signal);
}

[[gnu::constructor(102)]] void install_handlers() {
    if (interleave::events::descriptor() < 0) return;
    void* warm_up[1];
    backtrace(warm_up, 1);  // loads the unwinder now, not inside a handler

    // A stack overflow needs a stack of its own; only the main thread has one here, and a worker's
    // overflow ends as a plain SIGSEGV.
    static char stack[256 * 1024];  // write_line alone takes 64 KiB of it
    stack_t alternate{};
    alternate.ss_sp = stack;
    alternate.ss_size = sizeof stack;
    sigaltstack(&alternate, nullptr);

    struct sigaction request {};
    request.sa_sigaction = on_request;
    request.sa_flags = SA_RESTART | SA_SIGINFO;
    sigaction(SIGUSR2, &request, nullptr);

    struct sigaction crash {};
    crash.sa_sigaction = on_crash;
    crash.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO;
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
        sigaction(signal, &crash, nullptr);
    }
}

}  // namespace
#endif
