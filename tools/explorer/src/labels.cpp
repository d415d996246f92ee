#include "labels.hpp"

#include <pthread.h>
#include <semaphore.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <initializer_list>
#include <regex>
#include <vector>

#include "global_names.hpp"

namespace interleave::detail {
namespace {

std::string first_match(const std::string& text, const std::regex& pattern) {
    std::smatch match;
    if (!std::regex_search(text, match, pattern)) return {};
    for (std::size_t i = 1; i < match.size(); ++i)
        if (match[i].length()) return match[i].str();
    return {};
}

const char* kind_of(const trace_record& record) {
    switch (record.what) {
        case operation::lock:
        case operation::lock_failed:
        case operation::unlock:
            return "mutex";
        case operation::blocked:
            // Who waits for a semaphore waits for nobody in particular.
            return record.value == ~0ull ? "semaphore" : "mutex";
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

/// The only name that the first of the patterns with a match finds in the line; of two names,
/// nobody knows which is meant.
std::string only_match(const std::string& text,
                       std::initializer_list<std::reference_wrapper<const std::regex>> patterns) {
    for (const std::regex& pattern : patterns) {
        std::string name;
        for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
            std::string found;
            for (std::size_t i = 1; i < at->size() && found.empty(); ++i) found = (*at)[i].str();
            if (!name.empty() && name != found) return {};
            name = found;
        }
        if (!name.empty()) return name;
    }
    return {};
}

bool is_value(const std::string& kind) {
    return kind == "variable" || kind == "atomic";
}

std::string name_in(const trace_record& record, const std::string& text) {
    static const std::string object =
        R"(((?:\*?[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.|->|::))*[A-Za-z_]\w*(?:\[[^\]]*\])?))";
    static const std::regex guard(
        R"((?:lock_guard|unique_lock|scoped_lock|shared_lock)(?:\s*<[^;({]*>)?\s*\w*\s*[({]\s*\*?)" +
        object);
    static const std::regex method(object + R"((?:\.|->)(?:un)?(?:try_)?lock)");
    static const std::regex pthread(R"(pthread_\w+\s*\(\s*&?)" + object);
    static const std::regex condition(object + R"((?:\.|->)(?:wait|notify))");
    static const std::regex semaphore(object + R"((?:\.|->)(?:try_)?(?:acquire|release))");
    // What is called with a lambda is a condition, and the load is in the lambda.
    static const std::regex load(object + R"((?:\.|->)(?:load|test\s*\(|wait\s*\((?!.*\[)))");
    static const std::regex store(object + R"((?:\.|->)(?:store|clear))");
    static const std::regex change(object +
                                   R"((?:\.|->)(?:exchange|compare_exchange|fetch_|test_and_set))");
    static const std::regex step(R"((?:\+\+|--)\s*)" + object + "|" + object + R"(\s*(?:\+\+|--))");
    static const std::regex assigned(object + R"(\s*(?:[-+*/%&|^]|<<|>>)?=[^=])");
    static const std::regex combined(object + R"(\s*(?:[-+*/%&|^]|<<|>>)=[^=])");
    const operation what = record.what;
    const std::string kind = kind_of(record);
    std::string name;
    if (kind == "mutex" || kind == "shared mutex") {
        name = first_match(text, guard);
        if (name.empty()) name = first_match(text, method);
        if (name.empty()) name = first_match(text, pthread);
    } else if (kind == "condition" || kind == "semaphore") {
        name = first_match(text, condition);
        if (name.empty()) name = first_match(text, semaphore);
        if (name.empty()) name = first_match(text, pthread);
    } else if (kind == "atomic") {
        const bool loads = what == operation::atomic_load || what == operation::stale_load;
        name = loads                             ? only_match(text, {load})
               : what == operation::atomic_store ? only_match(text, {store, assigned})
                                                 : only_match(text, {change, step, combined});
    } else if (kind == "variable") {
        name = what == operation::write ? only_match(text, {step, assigned})
                                        : only_match(text, {step});
    }
    return name.size() > 24 ? std::string() : name;
}

std::size_t size_of(const trace_record& record) {
    const std::string kind = kind_of(record);
    return kind == "mutex"          ? sizeof(pthread_mutex_t)
           : kind == "shared mutex" ? sizeof(pthread_rwlock_t)
           : kind == "condition"    ? sizeof(pthread_cond_t)
           : kind == "semaphore"    ? sizeof(sem_t)
           : kind == "barrier"      ? sizeof(pthread_barrier_t)
                                    : record.size;
}

/// "forks[2]" where the line has "forks[i]": of an array that is a global, which element is known.
/// Not of a member of an element.
std::string element_of(const global_variable& array, const trace_record& record,
                       const std::string& text) {
    const std::size_t size = size_of(record), offset = record.address - array.begin;
    const bool plain_name = std::all_of(array.name.begin(), array.name.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_';
    });
    if (!plain_name || !size || array.size <= size || offset % size) return {};
    const std::regex indexed(
        R"((?:^|\W))" + array.name +
        R"(\[[^\[\]]*\](?!\s*(?:\[|->|\.(?!(?:\w*lock|load|store|exchange|compare_exchange|fetch_|)"
        R"(wait|notify|acquire|release|test|clear)))))");
    if (!std::regex_search(text, indexed)) return {};
    return array.name + '[' + std::to_string(offset / size) + ']';
}

std::string name_of_global(const trace_record& record, const std::string& text) {
    const global_variable found = global_around(record.address);
    if (found.name.empty()) return {};
    const std::string element = element_of(found, record, text);
    return !element.empty() || record.address != found.begin ? element : found.name;
}

}  // namespace

void labels::learn(const trace_record& record, const std::string& text) {
    if (!record.address) return;
    entry& e = entries_[record.address];
    const std::string kind = kind_of(record);
    if (e.kind.empty() || e.kind == "variable" || e.guessed) {
        if (e.kind != kind) e.name.clear();
        e.kind = kind;
        e.guessed = record.what == operation::blocked;
        if (!e.order) e.order = entries_.size();
    }
    if (e.name.empty()) e.name = name_of_global(record, text);
    if (e.name.empty()) e.name = name_in(record, text);
}

namespace {

/// "from.mutex_" and "to.mutex_" may be one object or two: their last part is what they share.
std::string last_part(const std::string& name) {
    const auto at = name.find_last_of(".>:");
    return at == std::string::npos ? name : name.substr(at + 1);
}

std::string letter(std::size_t index) {
    return index < 26 ? std::string(1, static_cast<char>('A' + index)) : std::to_string(index + 1);
}

}  // namespace

void labels::settle(const std::set<std::uintptr_t>& told) {
    std::map<std::string, std::vector<entry*>> alike;
    for (auto& [address, e] : entries_)
        if (told.contains(address))
            alike[(is_value(e.kind) ? "value" : e.kind) + '\n' + last_part(e.name)].push_back(&e);
    std::map<std::string, std::size_t> used;  // letters, per word
    for (auto& [name, group] : alike) {
        if (group.size() < 2) continue;
        std::sort(group.begin(), group.end(),
                  [](const entry* a, const entry* b) { return a->order < b->order; });
        for (entry* e : group) {
            // The line's own text says the name; an object that goes under two names needs one.
            const bool named = is_value(e->kind) && !e->name.empty();
            const std::string word = named ? last_part(e->name) : e->kind;
            e->name = word + ' ' + letter(used[word]++);
        }
    }
}

bool labels::is_named_variable(std::uintptr_t address) const {
    const auto found = entries_.find(address);
    return found != entries_.end() && !found->second.name.empty() && is_value(found->second.kind);
}

std::string labels::of(std::uintptr_t address) const {
    const auto found = entries_.find(address);
    if (found == entries_.end()) return {};
    const entry& e = found->second;
    return e.name.empty() ? "the " + e.kind : e.name;
}

}  // namespace interleave::detail
