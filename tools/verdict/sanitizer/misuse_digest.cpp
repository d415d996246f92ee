#include <algorithm>

#include "digest_writer.hpp"
#include "report_kind.hpp"

namespace interleave::sanitizer {
namespace {

std::string_view rule(report_kind kind) {
    switch (kind) {
        case report_kind::use_after_free:
            return "Memory must not be used after it was freed: it may already belong to somebody "
                   "else.";
        case report_kind::double_free:
            return "Memory is freed once: the second time it may already belong to somebody else.";
        case report_kind::bad_free:
            return "Memory is freed the way it was allocated, and only at its beginning.";
        case report_kind::heap_buffer_overflow:
        case report_kind::buffer_overflow:
            return "What lies outside of a block or an array belongs to somebody else.";
        case report_kind::stack_use_after_return:
        case report_kind::stack_use_after_scope:
            return "A local variable is gone at the end of its scope; a reference, a pointer or a "
                   "captured [&] does not keep it.";
        case report_kind::double_lock:
            return "This mutex is locked already, and nobody unlocked it.";
        case report_kind::unlock_of_unlocked:
            return "A mutex is unlocked once, by the thread that locked it.";
        case report_kind::mutex_misuse:
            return "A mutex must exist before the first and after the last use, and must not be "
                   "destroyed while it is locked.";
        case report_kind::thread_leak:
            return "Every thread is joined: nobody knows when this one ends.";
        case report_kind::threads_after_fork:
            return "A process with several threads called fork, and the child started a thread. "
                   "Only "
                   "the forking thread lives on in the child; locks of the others stay locked "
                   "there.";
        case report_kind::signal_unsafe:
            return "A signal handler may interrupt any line, so it may call only functions that "
                   "are "
                   "safe there.";
        default:
            return {};
    }
}

std::string thread_of(const labelled_stack& stack) {
    return stack.thread.empty() ? "" : " by " + plain_thread(stack.thread);
}

/// "0 bytes to the right of 16-byte region" becomes "0 bytes to the right of a block of 16 bytes".
std::string relation_words(const memory_location& location) {
    std::string words = location.relation;
    const std::string region = std::to_string(location.size) + "-byte region";
    const std::size_t at = words.find(region);
    if (at != std::string::npos) {
        words.replace(at, region.size(), "a block of " + bytes(location.size));
    } else if (location.where == memory_location::place::global) {
        words += " the global variable `" + location.name + "`";
    }
    return words;
}

/// "freed by thread T1 here" becomes "freed by thread T1".
std::string label_words(const labelled_stack& stack) {
    if (stack.label.find("freed") != std::string::npos) return "freed" + thread_of(stack);
    if (stack.label.find("allocated") != std::string::npos) return "allocated" + thread_of(stack);
    if (stack.label == "here") return "this happens" + thread_of(stack);
    if (stack.label == "and") return "the mutex was locked";
    return stack.label;
}

}  // namespace

void digest_writer::memory(const sanitizer_report& report) {
    const std::string name = variable(report);
    const bool crash = report.kind == report_kind::deadly_signal;
    std::string title = capitalized(std::string(kind_words(report.kind, false)));
    if (crash) title += ": " + report.title.substr(0, report.title.find(" (pc 0x"));
    if (!name.empty()) title += crash ? ", at `" + name + "`" : ": `" + name + "`";
    const bool tells_where = report.kind != report_kind::double_free && !report.locations.empty();
    if (tells_where && !report.locations.front().relation.empty()) {
        title += ", " + relation_words(report.locations.front());
    }
    sentence(title + ".");
    blank_line();
    for (const access& each : report.accesses) {
        std::string what = plain_thread(each.thread);
        what += each.write ? " writes " : " reads ";
        what += each.size == 0 ? "there" : bytes(each.size);
        step(what, each.stack, thread_words(report, each.thread));
    }
    for (const labelled_stack& each : report.stacks) {
        if (each.stack.empty()) continue;
        step(label_words(each), each.stack, thread_words(report, each.thread));
    }
    for (const memory_location& each : report.locations) {
        if (each.where == memory_location::place::stack && !each.stack.empty()) {
            step("the variable belongs to the function", each.stack);
        }
    }
    blank_line();
    if (crash && report.title.find("address 0x00000000") != std::string::npos) {
        sentence("The address is zero or close to it: a null pointer was followed.");
    }
}

void digest_writer::leaks(const sanitizer_report& report) {
    constexpr std::size_t most_shown = 3;
    std::uint64_t total = 0;
    std::vector<const labelled_stack*> blocks;
    for (const labelled_stack& each : report.stacks) {
        if (each.label.find("leak of") == std::string::npos) continue;
        total += each.size;
        blocks.push_back(&each);
    }
    // The answer's own first; what those blocks own in turn is lost only because of them.
    std::stable_sort(blocks.begin(), blocks.end(), [](const auto* left, const auto* right) {
        return left->label.starts_with("Direct") && !right->label.starts_with("Direct");
    });
    std::stable_sort(blocks.begin(), blocks.end(), [this](const auto* left, const auto* right) {
        return places_.in_answer(left->stack) && !places_.in_answer(right->stack);
    });
    sentence("Memory leak: " + bytes(total) +
             " are still allocated at the end, and nothing points to them.");
    blank_line();
    for (std::size_t i = 0; i < blocks.size() && i < most_shown; ++i) {
        step(bytes(blocks[i]->size) + " allocated", blocks[i]->stack);
    }
    blank_line();
    if (blocks.size() > most_shown) {
        sentence(std::to_string(blocks.size() - most_shown) + " more places lost memory too.");
    }
}

void digest_writer::lock_order(const sanitizer_report& report) {
    sentence("Lock-order cycle: threads lock the same mutexes in different orders.");
    blank_line();
    for (const lock_acquisition& each : report.lock_cycle) {
        step(plain_thread(each.thread) + " locks " + mutex_words(report, {each.mutex, false}) +
                 ", holding " + mutex_words(report, {each.held, false}) + ",",
             each.stack, thread_words(report, each.thread));
    }
    blank_line();
    sentence("When each holds its first mutex, each waits for the other forever: a deadlock.");
}

void digest_writer::mutexes_and_threads(const sanitizer_report& report) {
    std::string title = capitalized(std::string(kind_words(report.kind, false)));
    const bool says_more = report.kind == report_kind::other ||
                           report.kind == report_kind::mutex_misuse ||
                           report.kind == report_kind::signal_unsafe;
    if (says_more) title += ": " + report.title;
    for (const memory_location& each : report.locations) {
        if (!each.name.empty()) title += " (`" + each.name + "`)";
    }
    sentence(title + ".");
    blank_line();
    for (const labelled_stack& each : report.stacks) {
        if (!each.stack.empty()) step(label_words(each), each.stack);
    }
    for (const mutex_info& each : report.mutexes) {
        if (!each.stack.empty()) step("the mutex was first used", each.stack);
    }
    if (report.kind == report_kind::thread_leak) {
        for (const thread_info& each : report.threads) {
            if (!each.stack.empty()) step(plain_thread(each.id) + " was started", each.stack);
        }
    }
    blank_line();
}

void digest_writer::misuse(const sanitizer_report& report) {
    switch (report.kind) {
        case report_kind::use_after_free:
        case report_kind::double_free:
        case report_kind::bad_free:
        case report_kind::heap_buffer_overflow:
        case report_kind::buffer_overflow:
        case report_kind::stack_use_after_return:
        case report_kind::stack_use_after_scope:
        case report_kind::deadly_signal:
            memory(report);
            break;
        case report_kind::leak:
            leaks(report);
            break;
        case report_kind::lock_order:
            lock_order(report);
            break;
        default:
            mutexes_and_threads(report);
            break;
    }
    if (!rule(report.kind).empty()) sentence(rule(report.kind));
}

}  // namespace interleave::sanitizer
