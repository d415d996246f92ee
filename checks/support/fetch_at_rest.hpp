#pragma once
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace interleave {

/// Tells when the threads started since have come to rest: each sleeps until something happens, so
/// that whatever had reached them has been dealt with. A thread for which an answer lies ready in a
/// socket is awake, however long the machine lets it wait for a processor.
///
///     const interleave::threads_since others;
///     auto pages = std::async(std::launch::async, [&] { return fetch_all(urls); });
///     others.wait_until_at_rest();
///
/// Any thread; the calling one is not looked at.
class threads_since {
  public:
    threads_since() : before_(all()) {}

    /// Blocks until they rest. False where they have not within `patience` (they spin, say), or
    /// where the system does not tell.
    bool wait_until_at_rest(std::chrono::milliseconds patience = std::chrono::seconds(5)) const {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        std::optional<waits> last;
        while (std::chrono::steady_clock::now() < give_up) {
            // Who sleeps in two looks and was not scheduled in between slept all the time, so at
            // the moment between the looks all slept.
            const std::optional<waits> now = sleepers();
            if (now && now == last) return true;
            last = now;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }

  private:
    /// By thread: how often it has given up a processor.
    using waits = std::map<std::string, long>;

    static std::set<std::string> all() {
        std::set<std::string> found;
        std::error_code failed;
        for (std::filesystem::directory_iterator each("/proc/self/task", failed), end;
             !failed && each != end; each.increment(failed)) {
            found.insert(each->path().filename());
        }
        return found;
    }

    /// How often a thread that sleeps has given up a processor; nothing where it is awake.
    static std::optional<long> switches_of(const std::string& thread) {
        bool asleep = false;
        long switches = 0;
        std::ifstream lines("/proc/self/task/" + thread + "/status");
        for (std::string key, value; lines >> key && std::getline(lines >> std::ws, value);) {
            if (key == "State:") asleep = value.starts_with('S');
            if (key.ends_with("voluntary_ctxt_switches:")) switches += std::stol(value);
        }
        return asleep ? std::optional(switches) : std::nullopt;
    }

    /// The threads started since, if there are any and all of them sleep.
    std::optional<waits> sleepers() const {
        waits found;
        for (const std::string& thread : all()) {
            if (before_.contains(thread)) continue;
            const auto switches = switches_of(thread);
            if (!switches) return std::nullopt;
            found.emplace(thread, *switches);
        }
        return found.empty() ? std::nullopt : std::optional(found);
    }

    const std::set<std::string> before_;
};

}  // namespace interleave
