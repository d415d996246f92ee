#include <algorithm>

#include "digest_writer.hpp"

namespace interleave::sanitizer {
namespace {

bool frees(const access& one) {
    if (one.stack.empty()) return false;
    const std::string& function = one.stack.front().function;
    return function.starts_with("operator delete") || function == "free";
}

std::string verb(const access& one) {
    if (frees(one)) return "frees it";
    const std::string plain = one.write ? "writes it" : "reads it";
    return one.atomic ? plain + " atomically" : plain;
}

std::string list_of(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

bool on_vtable_pointer(const sanitizer_report& report) {
    return report.title.find("vptr") != std::string::npos;
}

}  // namespace

void digest_writer::race_access(const sanitizer_report& report, const access& one) {
    std::vector<std::string> held;
    for (const held_mutex& each : one.mutexes) held.push_back(mutex_words(report, each));
    std::string detail = held.empty() ? "holding no lock" : "holding " + list_of(held);
    const std::string start = thread_words(report, one.thread);
    if (!start.empty()) detail += "; " + start;
    const std::string what = plain_thread(one.thread) + " " + verb(one);
    if (one.stack_lost)
        return sentence("  " + capitalized(what) + "; the sanitizer lost the place");
    const auto shown = places_.show(one.stack);
    const bool through = shown && shown->callee.starts_with("std::");
    step(what, one.stack, through ? "inside " + shown->callee + ", " + detail : detail);
}

void digest_writer::race_locks(const sanitizer_report& report) {
    const auto& first = report.accesses[0].mutexes;
    const auto& second = report.accesses[1].mutexes;
    if (first.empty() && second.empty()) return sentence("Neither holds a lock.");
    if (first.empty() || second.empty()) {
        return sentence(
            "Only one of them holds a lock, and a lock keeps out only those who take it.");
    }
    for (const held_mutex& mine : first) {
        for (const held_mutex& theirs : second) {
            if (mine.id != theirs.id) continue;
            return sentence("Both hold " + mutex_words(report, {mine.id, false}) +
                            ", but shared, for reading, which lets others in.");
        }
    }
    const std::string mine = mutex_name(report, first.front().id);
    const bool same_name = first.size() == 1 && second.size() == 1 && !mine.empty() &&
                           mine == mutex_name(report, second.front().id);
    sentence(same_name
                 ? "They hold no common lock: these are two mutexes, both called `" + mine + "`."
                 : "They hold no common lock: different mutexes do not keep each other out.");
}

void digest_writer::race(const sanitizer_report& report) {
    const bool freed = report.kind == report_kind::use_after_free;
    const bool one_frees = freed || frees(report.accesses[0]) || frees(report.accesses[1]);
    const std::string name = variable(report);
    std::string title = freed ? "Use of freed memory" : "Data race";
    if (on_vtable_pointer(report)) {
        title +=
            " on an object's virtual functions (its vtable pointer): it is used while it is "
            "still being constructed, or already being destroyed";
    } else {
        title += freed ? ": " : " on ";
        const bool global = !report.locations.empty() && report.locations[0].name == name;
        if (global && !name.empty()) {
            title += "the global variable `" + name + "` (" + accessed_bytes(report) + ")";
        } else {
            title +=
                name.empty() ? memory_words(report) : "`" + name + "`, " + memory_words(report);
        }
    }
    sentence(title + ".");
    blank_line();
    // In the order in which they happened in this run.
    std::vector<const access*> order{&report.accesses[0], &report.accesses[1]};
    if (order[1]->previous) std::swap(order[0], order[1]);
    for (const access* each : order) race_access(report, *each);
    blank_line();
    race_locks(report);
    if (order[0]->atomic != order[1]->atomic) {
        sentence("One access is atomic, the other is not: that protects neither.");
    }
    if (report.synchronized_by_sleep) {
        const std::string place = place_words(report.sleep_stack);
        sentence("Only a sleep" + (place.empty() ? "" : " (" + place + ")") +
                 " lies between the two. A sleep is not synchronization: it makes the other order "
                 "rare, not impossible.");
    }
    sentence(one_frees
                 ? "Two threads, the same memory, one frees it, and nothing orders the two: the "
                   "other may use it when it is gone."
                 : "Two threads, the same memory, at least one writes, and nothing orders the two: "
                   "that is a data race, and what the program then does is undefined.");
}

}  // namespace interleave::sanitizer
