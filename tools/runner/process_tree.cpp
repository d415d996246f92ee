#include "runner/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace interleave::process_tree {
namespace {

std::string folder(pid_t process) {
    return "/proc/" + std::to_string(process);
}

std::string folder(pid_t process, pid_t thread) {
    return folder(process) + "/task/" + std::to_string(thread);
}

/// The names in a folder that are numbers.
std::vector<pid_t> numbered_entries(const std::string& path) {
    struct closer {
        void operator()(DIR* directory) const { closedir(directory); }
    };
    std::vector<pid_t> numbers;
    const std::unique_ptr<DIR, closer> directory(opendir(path.c_str()));
    if (!directory) return numbers;
    while (const dirent* entry = readdir(directory.get())) {
        const std::string_view name = entry->d_name;
        pid_t number = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

/// The fields of a stat file from the third (the state) on; the second may contain anything.
struct stat_fields {
    char state = '?';
    pid_t parent = 0;
    std::uint64_t own_ticks = 0;
    std::uint64_t waited_ticks = 0;  ///< Of its ended children.
    std::uint64_t resident_pages = 0;
};

std::optional<stat_fields> read_stat(pid_t process) {
    const std::string text = read_file(folder(process) + "/stat");
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos || name_end + 2 >= text.size()) return {};
    stat_fields fields;
    fields.state = text[name_end + 2];
    const char* cursor = text.c_str() + name_end + 3;
    for (int field = 4; field <= 24; ++field) {
        char* after = nullptr;
        const auto value = std::strtoull(cursor, &after, 10);
        if (after == cursor) return {};
        cursor = after;
        if (field == 4) fields.parent = static_cast<pid_t>(value);
        if (field == 14 || field == 15) fields.own_ticks += value;
        if (field == 16 || field == 17) fields.waited_ticks += value;
        if (field == 24) fields.resident_pages = value;
    }
    return fields;
}

bool kernel_lists_children() {
    static const bool known = access("/proc/thread-self/children", R_OK) == 0;
    return known;
}

std::vector<pid_t> children(pid_t process) {
    std::vector<pid_t> found;
    if (!kernel_lists_children()) {
        for (const pid_t other : numbered_entries("/proc")) {
            const auto fields = read_stat(other);
            if (fields && fields->parent == process) found.push_back(other);
        }
        return found;
    }
    for (const pid_t thread : threads(process)) {
        const std::string list = read_file(folder(process, thread) + "/children");
        const char* cursor = list.c_str();
        for (char* after = nullptr;; cursor = after) {
            const long child = std::strtol(cursor, &after, 10);
            if (after == cursor) break;
            found.push_back(static_cast<pid_t>(child));
        }
    }
    return found;
}

/// The number behind "Name:" in a status file; the last one where there are several.
std::uint64_t number_after(std::string_view text, std::string_view name, int base = 10) {
    const std::size_t at = text.find(name);
    if (at == std::string_view::npos) return 0;
    std::string_view line = text.substr(at + name.size());
    line = line.substr(0, line.find('\n'));
    const std::size_t blank = line.find_last_of(" \t");
    if (blank != std::string_view::npos) line.remove_prefix(blank + 1);
    std::uint64_t value = 0;
    std::from_chars(line.data(), line.data() + line.size(), value, base);
    return value;
}

}  // namespace

std::string read_file(const std::string& path) {
    std::string text;
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return text;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(file, buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    close(file);
    return text;
}

std::vector<pid_t> threads(pid_t process) {
    return numbered_entries(folder(process) + "/task");
}

std::vector<pid_t> descendants(pid_t root) {
    std::vector<pid_t> found = children(root);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::vector<pid_t> next = children(found[i]);
        found.insert(found.end(), next.begin(), next.end());
    }
    return found;
}

usage read_usage(pid_t root) {
    static const auto ticks_per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    usage total;
    total.processes = descendants(root);
    std::uint64_t ticks = 0;
    if (const auto fields = read_stat(root)) ticks += fields->waited_ticks;
    for (const pid_t process : total.processes) {
        const auto fields = read_stat(process);
        if (!fields) continue;
        ticks += fields->own_ticks + fields->waited_ticks;
        total.resident += fields->resident_pages * page;
    }
    total.cpu = std::chrono::milliseconds(ticks * 1000 / ticks_per_second);
    return total;
}

std::optional<thread_status> read_thread(pid_t process, pid_t thread) {
    const std::string text = read_file(folder(process, thread) + "/status");
    const std::size_t state = text.find("\nState:\t");
    if (state == std::string::npos) return {};
    thread_status status;
    status.id = thread;
    status.state = text[state + 8];
    status.inner = static_cast<pid_t>(number_after(text, "\nNSpid:"));
    if (status.inner == 0) status.inner = thread;
    status.switches = number_after(text, "\nvoluntary_ctxt_switches:") +
                      number_after(text, "\nnonvoluntary_ctxt_switches:");
    status.caught = number_after(text, "\nSigCgt:", 16);
    status.held_back = number_after(text, "\nSigBlk:", 16);
    return status;
}

bool blocks_every_signal(const thread_status& status) {
    constexpr std::array signals{SIGHUP, SIGINT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGCHLD};
    return std::all_of(signals.begin(), signals.end(),
                       [&](int signal) { return (status.held_back >> (signal - 1) & 1) != 0; });
}

std::optional<std::vector<thread_status>> all_asleep(const std::vector<pid_t>& processes) {
    std::vector<thread_status> asleep;
    for (const pid_t process : processes) {
        const std::vector<pid_t> all = threads(process);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto status = read_thread(process, all[i]);
            // A helper wakes every now and then, whatever the program does.
            if (status && i == 1 && blocks_every_signal(*status)) continue;
            // 'D' is a wait for a disk or for memory, which ends by itself.
            constexpr std::string_view not_asleep = "RDTt";
            if (!status || not_asleep.find(status->state) != std::string_view::npos) return {};
            asleep.push_back(*status);
        }
    }
    return asleep;
}

}  // namespace interleave::process_tree
