#include "labels.hpp"

#include <algorithm>
#include <regex>
#include <vector>

namespace interleave::detail {
namespace {

std::string first_match(const std::string& text, const std::regex& pattern) {
    std::smatch match;
    if (!std::regex_search(text, match, pattern)) return {};
    for (std::size_t i = 1; i < match.size(); ++i)
        if (match[i].length()) return match[i].str();
    return {};
}

const char* kind_of(operation what) {
    switch (what) {
        case operation::lock:
        case operation::lock_failed:
        case operation::unlock:
        case operation::blocked:
            return "mutex";
        case operation::read_lock:
        case operation::write_lock:
        case operation::rw_unlock:
            return "shared mutex";
        case operation::wait:
        case operation::wake:
        case operation::timeout:
        case operation::spurious_wake:
        case operation::notify_one:
        case operation::notify_all:
            return "condition";
        case operation::semaphore_post:
        case operation::semaphore_wait:
            return "semaphore";
        case operation::once_begin:
        case operation::once_end:
            return "once";
        case operation::release:
            return "block";
        case operation::barrier_wait:
        case operation::barrier_leave:
            return "barrier";
        case operation::read:
        case operation::write:
            return "variable";
        default:
            return "atomic";
    }
}

std::string name_in(operation what, const std::string& text) {
    static const std::string object =
        R"(((?:\*?[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.|->|::))*[A-Za-z_]\w*(?:\[[^\]]*\])?))";
    static const std::regex guard(
        R"((?:lock_guard|unique_lock|scoped_lock|shared_lock)(?:\s*<[^;({]*>)?\s*\w*\s*[({]\s*\*?)" +
        object);
    static const std::regex method(object + R"((?:\.|->)(?:un)?(?:try_)?lock)");
    static const std::regex pthread(R"(pthread_\w+\s*\(\s*&?)" + object);
    static const std::regex condition(object + R"((?:\.|->)(?:wait|notify))");
    static const std::regex atomic(
        object +
        R"((?:\.|->)(?:load|store|exchange|compare_|fetch_|wait|notify|test|clear|acquire|release))");
    static const std::regex step(R"((?:\+\+|--)\s*)" + object + "|" + object + R"(\s*(?:\+\+|--))");
    static const std::regex assigned(object + R"(\s*(?:[-+*/%&|^]|<<|>>)?=[^=])");
    const std::string kind = kind_of(what);
    std::string name;
    if (kind == "mutex" || kind == "shared mutex") {
        name = first_match(text, guard);
        if (name.empty()) name = first_match(text, method);
        if (name.empty()) name = first_match(text, pthread);
    } else if (kind == "condition" || kind == "semaphore") {
        name = first_match(text, condition);
        if (name.empty()) name = first_match(text, atomic);
        if (name.empty()) name = first_match(text, pthread);
    } else if (kind == "atomic") {
        name = first_match(text, atomic);
        if (name.empty()) name = first_match(text, step);
        if (name.empty() && what == operation::atomic_store) name = first_match(text, assigned);
    } else if (kind == "variable") {
        name = first_match(text, step);
        if (name.empty() && what == operation::write) name = first_match(text, assigned);
    }
    return name.size() > 24 ? std::string() : name;
}

}  // namespace

void labels::learn(std::uintptr_t address, operation what, const std::string& text) {
    if (!address) return;
    entry& e = entries_[address];
    if (e.kind.empty() || e.kind == "variable") {
        if (e.kind != kind_of(what)) e.name.clear();
        e.kind = kind_of(what);
        if (!e.order) e.order = entries_.size();
    }
    if (e.name.empty()) e.name = name_in(what, text);
}

void labels::settle() {
    std::map<std::string, std::vector<entry*>> alike;
    for (auto& [address, e] : entries_)
        alike[e.name.empty() ? "\n" + e.kind : e.name].push_back(&e);
    for (auto& [name, group] : alike) {
        std::sort(group.begin(), group.end(),
                  [](const entry* a, const entry* b) { return a->order < b->order; });
        if (group.size() > 1)
            for (std::size_t i = 0; i < group.size(); ++i)
                group[i]->number = static_cast<int>(i) + 1;
    }
}

bool labels::is_named_variable(std::uintptr_t address) const {
    const auto found = entries_.find(address);
    return found != entries_.end() && !found->second.name.empty() &&
           (found->second.kind == "variable" || found->second.kind == "atomic");
}

std::string labels::of(std::uintptr_t address) const {
    const auto found = entries_.find(address);
    if (found == entries_.end()) return {};
    const entry& e = found->second;
    std::string text = e.name.empty() ? "the " + e.kind : e.name;
    if (e.number) text = (e.name.empty() ? e.kind : e.name) + " #" + std::to_string(e.number);
    return text;
}

}  // namespace interleave::detail
