#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/hang.hpp"
#include "runner/stack_view.hpp"

namespace interleave {
namespace {

constexpr int most_frames_shown = 6;

std::string what_happened(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "Segmentation fault";
        case SIGBUS:
            return "Bus error";
        case SIGFPE:
            return "Arithmetic error, such as a division by zero";
        case SIGILL:
            return "Illegal instruction";
        case SIGABRT:
            return "The program aborted";
        case SIGKILL:
            return "The program was killed";
        case SIGTERM:
            return "The program was told to end";
        default:
            return fmt::format("The program was ended by signal {}", signal);
    }
}

/// The addresses of the last stack event that speaks of this signal.
std::vector<std::uintptr_t> last_stack(std::string_view events, int signal) {
    std::vector<std::uintptr_t> addresses;
    while (!events.empty()) {
        const std::size_t end = std::min(events.find('\n'), events.size());
        const std::string_view line = events.substr(0, end);
        events.remove_prefix(std::min(end + 1, events.size()));
        if (!line.starts_with(R"({"event":"stack",)")) continue;
        const auto event = nlohmann::json::parse(line, nullptr, false);
        if (!event.is_object() || !event.contains("signal") || event["signal"] != signal) continue;
        const auto pcs = event.find("pcs");
        if (pcs == event.end() || !pcs->is_array()) continue;
        addresses.clear();
        for (const auto& pc : *pcs) {
            if (!pc.is_string()) continue;
            addresses.push_back(
                std::strtoull(pc.get_ref<const std::string&>().c_str(), nullptr, 16));
        }
    }
    return addresses;
}

/// What the C++ runtime said before it aborted.
struct last_words {
    std::string exception;  ///< The type of the exception that nobody caught.
    std::string message;    ///< Its what().
    bool without_exception = false;
    std::string other;  ///< A message of the C library: an assertion, a corrupted heap.
};

std::string until(std::string_view text, std::string_view end) {
    return std::string(text.substr(0, text.find(end)));
}

last_words read_last_words(std::string_view err) {
    constexpr std::string_view thrown = "terminate called after throwing an instance of '";
    constexpr std::string_view what = "what():  ";
    last_words words;
    if (const std::size_t at = err.rfind(thrown); at != std::string_view::npos) {
        const std::string_view rest = err.substr(at + thrown.size());
        words.exception = harmless_text(until(rest, "'\n"), 80);
        const std::size_t message = rest.find(what);
        if (message != std::string_view::npos) {
            words.message = harmless_text(until(rest.substr(message + what.size()), "\n"), 200);
        }
        return words;
    }
    words.without_exception =
        err.find("terminate called without an active exception") != std::string_view::npos;
    for (const std::string_view sign :
         {"Assertion", "free():", "malloc():", "double free", "corrupted", "stack smashing",
          "pure virtual method called", "Fatal glibc error"}) {
        const std::size_t at = err.find(sign);
        if (at == std::string_view::npos) continue;
        const std::size_t begin =
            err.rfind('\n', at) == std::string_view::npos ? 0 : err.rfind('\n', at) + 1;
        words.other = harmless_text(until(err.substr(begin), "\n"), 96);
        break;
    }
    return words;
}

bool ends_an_unjoined_thread(const owned_stack& stack) {
    return std::any_of(stack.begin(), stack.end(), [](const owned_frame& each) {
        const std::string& function = each.at.function;
        return each.at.file.filename() == "std_thread.h" &&
               (function.find("~thread") != std::string::npos ||
                function.find("operator=") != std::string::npos);
    });
}

std::string list_frames(const owned_stack& stack) {
    std::string lines;
    int shown = 0;
    const owned_frame* last = nullptr;
    for (const owned_frame& each : stack) {
        if (each.owner == line_owner::library || each.at.line == 0) continue;
        // What starts the threads and the cases of a check says nothing about the answer.
        if (each.owner == line_owner::check && each.at.file.parent_path().filename() == "support") {
            continue;
        }
        if (last != nullptr && last->at.line == each.at.line && last->at.file == each.at.file) {
            continue;
        }
        if (shown == most_frames_shown) break;
        lines += fmt::format("{} {}\n", shown == 0 ? "at" : "called from", name_of_place(each));
        if (const std::string line = text_of_line(each); !line.empty()) {
            lines += "    " + line + "\n";
        }
        last = &each;
        ++shown;
    }
    return lines;
}

}  // namespace

crash_report describe_crash(const run_result& run, const std::filesystem::path& program,
                            const std::filesystem::path& answer,
                            const std::filesystem::path& root) {
    const auto stacks =
        stack_reader(program, answer, root).read({last_stack(run.events, run.status)});
    const owned_stack& stack = stacks.front();
    const owned_frame* at = telling_frame(stack);
    const std::string where = at != nullptr ? " at " + name_of_place(*at) : "";
    const last_words words = run.status == SIGABRT ? read_last_words(run.err) : last_words{};

    crash_report report;
    if (at != nullptr) report.where = place_of(*at);
    if (!words.exception.empty()) {
        report.why = kind::uncaught_exception;
        report.summary =
            fmt::format("An exception of type {} left a thread{}.", words.exception, where);
        if (!words.message.empty()) report.text = fmt::format("It says: {}\n", words.message);
    } else if (words.without_exception && ends_an_unjoined_thread(stack)) {
        report.why = kind::unjoined_thread;
        report.summary = fmt::format("A std::thread was destroyed before it was joined{}.", where);
    } else if (words.without_exception) {
        report.summary = fmt::format("std::terminate was called{}.", where);
    } else {
        report.summary = fmt::format("{}{}.", what_happened(run.status), where);
        if (!words.other.empty()) report.text = fmt::format("It says: {}\n", words.other);
    }
    report.text += list_frames(stack);
    if (report.text.empty()) report.text = "Nothing is known about where it happened.\n";
    return report;
}

}  // namespace interleave
