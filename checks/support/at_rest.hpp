#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

namespace interleave {

/// Sees when nobody does anything any more: every thread of this process but the caller's, and
/// every process that descends from it, sleeps in the kernel. Then what has not been started will
/// not be. Threads cannot be looked at all at once, so it takes two looks: one that sleeps in both
/// and was not scheduled in between slept all the time. Holds on the busiest machine. Linux only.
class at_rest {
  public:
    /// Returns once `enough` holds, or when it never will because nobody does anything. It looks
    /// for half a second, for the sake of answers that sleep and look again by themselves.
    static void wait_for(const std::function<bool()>& enough) {
        wait(enough, std::chrono::milliseconds(500), std::chrono::seconds(10));
    }

    /// Returns when nobody does anything; or after a second, for answers that never sleep.
    static void wait() {
        wait([] { return false; }, std::chrono::milliseconds(20), std::chrono::seconds(1));
    }

  private:
    using clock = std::chrono::steady_clock;
    using looks = std::map<long, std::string>;  ///< Thread, and how often it was scheduled.

    static void wait(const std::function<bool()>& enough, clock::duration quiet,
                     clock::duration patience) {
        const auto begin = clock::now();
        auto since = begin;
        std::optional<looks> last;
        while (!enough() && clock::now() - begin < patience) {
            auto now = look();
            if (!now || now != last) {
                last = std::move(now);
                since = clock::now();
            } else if (clock::now() - since >= quiet) {
                return;
            }
            // Not to let anything happen: only to leave the processor to those that are looked at.
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    /// Nothing when a thread is awake, or cannot be seen.
    static std::optional<looks> look() {
        looks seen;
        if (!look_at(::getpid(), ::syscall(SYS_gettid), seen)) return std::nullopt;
        return seen;
    }

    static bool look_at(long process, long caller, looks& seen) {
        const std::string folder = "/proc/" + std::to_string(process) + "/task";
        DIR* const tasks = ::opendir(folder.c_str());
        if (tasks == nullptr) return false;
        bool asleep = true;
        while (const dirent* entry = asleep ? ::readdir(tasks) : nullptr) {
            const long thread = std::strtol(entry->d_name, nullptr, 10);
            if (thread == 0) continue;
            const std::string path = folder + "/" + entry->d_name;
            if (thread != caller) asleep = sleeps(path + "/status", thread, seen);
            const std::string children = read(path + "/children");
            const char* at = children.c_str();
            for (char* end = nullptr; asleep; at = end) {
                const long child = std::strtol(at, &end, 10);
                if (end == at) break;
                asleep = look_at(child, caller, seen);
            }
        }
        ::closedir(tasks);
        return asleep;
    }

    static bool sleeps(const std::string& path, long thread, looks& seen) {
        const std::string status = read(path);
        const std::size_t state = status.find("\nState:\t");
        if (state == std::string::npos) return false;
        const char letter = status[state + 8];
        if (letter == 'Z' || letter == 'X') return true;  // it will never do anything again
        const std::size_t switches = status.find("\nvoluntary_ctxt_switches:");
        seen[thread] = switches == std::string::npos ? "" : status.substr(switches);
        return letter == 'S';
    }

    static std::string read(const std::string& path) {
        std::string text;
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return text;
        char buffer[4096];
        for (ssize_t got = 0; (got = ::read(file, buffer, sizeof buffer)) > 0;) {
            text.append(buffer, static_cast<std::size_t>(got));
        }
        ::close(file);
        return text;
    }
};

}  // namespace interleave
