#include "support/threads.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

#include "support/patience.hpp"
#include "support/thread_state.hpp"

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace interleave {

namespace {

bool contains(const std::vector<long>& ids, long id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

struct processor_use {
    std::chrono::nanoseconds time{0};
    long turns = 0;  ///< How often it was given a processor.
};

/// Zeros where the system does not tell.
processor_use use_of_processors(long thread) {
    const std::string path = "/proc/self/task/" + std::to_string(thread) + "/schedstat";
    std::FILE* file = std::fopen(path.c_str(), "re");
    if (file == nullptr) return {};
    long long time = 0, delay = 0;
    long turns = 0;
    const int fields = std::fscanf(file, "%lld %lld %ld", &time, &delay, &turns);
    std::fclose(file);
    if (fields != 3) return {};
    return {.time = std::chrono::nanoseconds(time), .turns = turns};
}

}  // namespace

std::vector<long> thread_ids() {
    std::vector<long> ids;
    std::error_code failed;
    for (std::filesystem::directory_iterator each("/proc/self/task", failed), end;
         !failed && each != end; each.increment(failed)) {
        ids.push_back(std::stol(each->path().filename()));
    }
    return ids;
}

#ifdef __linux__
long thread_id() noexcept {
    return syscall(SYS_gettid);
}

namespace {

/// What a thread asked of the system and sleeps in; the number is -1 where it runs.
struct system_call {
    long number = -1;
    unsigned long arguments[5] = {};
    bool gone = false;  ///< The thread has ended.
};

/// Nothing where the system does not tell.
std::optional<system_call> system_call_of(long thread) {
    system_call call;
    const std::string path = "/proc/self/task/" + std::to_string(thread) + "/syscall";
    std::FILE* file = std::fopen(path.c_str(), "r");
    if (file == nullptr) {
        call.gone = errno == ENOENT;
        return call.gone ? std::optional(call) : std::nullopt;
    }
    auto& [first, second, third, fourth, fifth] = call.arguments;
    const int fields = std::fscanf(file, "%ld %lx %lx %lx %lx %lx", &call.number, &first, &second,
                                   &third, &fourth, &fifth);
    call.gone = fields == EOF && std::ferror(file) != 0;
    if (fields != 6) call.number = -1;
    std::fclose(file);
    return call;
}

}  // namespace

std::optional<bool> waits_for_another(long thread) {
    const auto call = system_call_of(thread);
    if (!call) return std::nullopt;
    return call->gone || (call->number == SYS_futex && call->arguments[3] == 0);
}

std::optional<bool> takes_a_nap(long thread) {
    const auto call = system_call_of(thread);
    if (!call) return std::nullopt;
    const auto& [first, second, third, fourth, fifth] = call->arguments;
    switch (call->number) {
        case SYS_nanosleep:
        case SYS_clock_nanosleep:
            return true;
        case SYS_ppoll:
#ifdef SYS_poll
        case SYS_poll:
#endif
            return second == 0;
        case SYS_pselect6:
#ifdef SYS_select
        case SYS_select:
#endif
            return first == 0;
        default:
            return false;
    }
}

std::optional<bool> waits_for_a_descriptor(long thread) {
    const auto call = system_call_of(thread);
    if (!call) return std::nullopt;
    const auto& [first, second, third, fourth, fifth] = call->arguments;
    const auto no_limit = [](unsigned long milliseconds) {
        return static_cast<int>(milliseconds) < 0;
    };
    switch (call->number) {
        case SYS_read:
        case SYS_readv:
            return true;
#ifdef SYS_poll
        case SYS_poll:
            return second > 0 && no_limit(third);
#endif
        case SYS_ppoll:
            return second > 0 && third == 0;
#ifdef SYS_epoll_wait
        case SYS_epoll_wait:
#endif
        case SYS_epoll_pwait:
            return no_limit(fourth);
        case SYS_pselect6:
#ifdef SYS_select
        case SYS_select:
#endif
            return first > 0 && fifth == 0;
        default:
            return false;
    }
}
#else
long thread_id() noexcept {
    return 0;
}
std::optional<bool> waits_for_another(long) {
    return std::nullopt;
}
std::optional<bool> takes_a_nap(long) {
    return std::nullopt;
}
std::optional<bool> waits_for_a_descriptor(long) {
    return std::nullopt;
}
#endif

std::chrono::nanoseconds processor_time(long thread) {
    return use_of_processors(thread).time;
}

bool falls_asleep(long thread) {
    constexpr long many_turns = 500;
    const long turns_before = use_of_processors(thread).turns;
    patience left(std::chrono::milliseconds(200), 100);
    for (bool lasts = true; lasts;) {
        const bool sleeps = asleep(static_cast<int>(thread));
        if (waits_for_another(thread).value_or(true)) return true;
        if (waits_for_a_descriptor(thread).value_or(true)) return true;
        const processor_use use = use_of_processors(thread);
        lasts = left.lasts(sleeps, use.time) && use.turns - turns_before < many_turns;
        // Only to leave the processor to the thread, without taking turns with one that gives way.
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    return false;
}

bystanders::bystanders() : not_looked_at_(thread_ids()) {
    std::erase(not_looked_at_, thread_id());
}

std::vector<long> bystanders::others(const std::vector<long>& inside) const {
    auto ids = thread_ids();
    std::erase_if(ids,
                  [&](long id) { return contains(inside, id) || contains(not_looked_at_, id); });
    return ids;
}

bool bystanders::all_wait_except(const std::vector<long>& inside) const {
    if (!waits_for_another(thread_id())) return false;  // the system does not tell
    const auto ids = others(inside);
    return std::all_of(ids.begin(), ids.end(),
                       [](long id) { return waits_for_another(id).value_or(false); });
}

bool bystanders::all_sleep_except(const std::vector<long>& inside) const {
    const auto ids = others(inside);
    return std::all_of(ids.begin(), ids.end(),
                       [](long id) { return asleep(static_cast<int>(id)); });
}

std::chrono::nanoseconds bystanders::processor_time_except(const std::vector<long>& inside) const {
    std::chrono::nanoseconds used{0};
    for (const long id : others(inside)) used += processor_time(id);
    return used;
}

}  // namespace interleave
