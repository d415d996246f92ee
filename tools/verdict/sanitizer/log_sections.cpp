#include <utility>

#include "log_parser.hpp"
#include "log_words.hpp"

namespace interleave::sanitizer {
namespace {

std::vector<held_mutex> held_mutexes(text_cursor& cursor) {
    std::vector<held_mutex> held;
    if (!cursor.skip_past("(mutexes: ")) return held;
    while (held.size() < 64) {
        const bool shared = cursor.skip("read ");
        if (!shared) cursor.skip("write ");
        const std::string_view id = cursor.word();
        if (id.empty()) break;
        held.push_back({std::string(id), shared});
        if (!cursor.skip(", ")) break;
    }
    return held;
}

}  // namespace

bool log_parser::take_section(std::string_view line) {
    return take_access(line) || take_location(line) || take_mutex(line) || take_thread(line) ||
           take_address_location(line) || take_labelled(line);
}

bool log_parser::take_access(std::string_view line) {
    text_cursor cursor(without_indent(line));
    access found;
    found.previous = cursor.skip("Previous ");
    found.atomic = cursor.skip("atomic ") || cursor.skip("Atomic ");
    found.write = cursor.skip("write") || cursor.skip("Write") || cursor.skip("WRITE");
    if (!found.write && !cursor.skip("read") && !cursor.skip("Read") && !cursor.skip("READ")) {
        return false;
    }
    if (!cursor.skip(" of size ")) return false;
    found.size = cursor.number().value_or(0);
    if (!cursor.skip(" at ")) return false;
    found.address = cursor.hexadecimal().value_or(0);
    cursor.skip(" by ") || cursor.skip(" ");
    found.thread = thread_name(cursor);
    found.mutexes = held_mutexes(cursor);
    report().accesses.push_back(std::move(found));
    access_ = &report().accesses.back();
    stack_ = &access_->stack;
    return true;
}

void log_parser::add_location(memory_location location) {
    report().locations.push_back(std::move(location));
    stack_ = &report().locations.back().stack;
    access_ = nullptr;
}

bool log_parser::take_location(std::string_view line) {
    text_cursor cursor(without_indent(line));
    if (!cursor.skip("Location is ")) return false;
    using place = memory_location::place;
    memory_location location;
    if (cursor.skip("global '")) {
        location.where = place::global;
        const std::string name(cursor.until("'").value_or(""));
        // So the runtimes call what they cannot name: the stack of the main thread, mostly.
        if (name == "??" || name == "<null>") return true;
        location.name = name;
        if (cursor.skip(" of size ")) location.size = cursor.number().value_or(0);
        if (cursor.skip(" at ")) location.address = cursor.hexadecimal().value_or(0);
    } else if (cursor.skip("heap block of size ")) {
        location.where = place::heap;
        location.size = cursor.number().value_or(0);
        if (cursor.skip(" at ")) location.address = cursor.hexadecimal().value_or(0);
        if (cursor.skip(" allocated by ")) location.thread = thread_name(cursor);
    } else if (cursor.skip("stack of ")) {
        location.where = place::stack;
        location.thread = thread_name(cursor);
    } else if (cursor.skip("TLS of ")) {
        location.where = place::thread_local_storage;
        location.thread = thread_name(cursor);
    } else if (cursor.skip("file descriptor ")) {
        location.where = place::file_descriptor;
        location.name = std::string(cursor.word());
    }
    add_location(std::move(location));
    return true;
}

bool log_parser::take_mutex(std::string_view line) {
    text_cursor cursor(without_indent(line));
    if (!cursor.skip("Mutex ")) return false;
    const std::string id(cursor.word());
    if (cursor.skip(" acquired here while holding mutex ")) {
        lock_acquisition edge{id, std::string(cursor.word()), {}, {}};
        if (cursor.skip(" in ")) edge.thread = thread_name(cursor);
        report().lock_cycle.push_back(std::move(edge));
        stack_ = &report().lock_cycle.back().stack;
        return true;
    }
    if (cursor.rest().find(" previously acquired ") == 0) {
        add_labelled(without_indent(line), {});
        return true;
    }
    mutex_info mutex;
    mutex.id = id;
    if (cursor.skip(" (")) mutex.address = cursor.hexadecimal().value_or(0);
    mutex.destroyed = cursor.rest().find("already destroyed") != std::string_view::npos;
    report().mutexes.push_back(std::move(mutex));
    stack_ = &report().mutexes.back().stack;
    return true;
}

bool log_parser::take_thread(std::string_view line) {
    text_cursor cursor(without_indent(line));
    if (!cursor.skip("Thread ")) return false;
    thread_info thread;
    thread.id = std::string(cursor.word());
    if (cursor.skip(" '")) thread.name = std::string(cursor.until("'").value_or(""));
    if (cursor.skip(" (")) {
        const auto name = text_cursor(cursor).until(") (tid=");
        if (name) {
            thread.name = std::string(*name);
            cursor.skip_past(") (");
        }
        if (cursor.skip("tid=")) thread.tid = cursor.number().value_or(0);
        if (cursor.skip(", ")) thread.state = std::string(cursor.until(")").value_or(""));
    }
    if (cursor.skip_past("created by ")) thread.created_by = thread_name(cursor);
    report().threads.push_back(std::move(thread));
    stack_ = &report().threads.back().stack;
    return true;
}

/// AddressSanitizer's description of an address.
bool log_parser::take_address_location(std::string_view line) {
    using place = memory_location::place;
    text_cursor cursor(line);
    if (describes_stack_ && line.find("<== Memory access at") != line.npos) {
        if (cursor.skip_past("'") && !report().locations.empty()) {
            report().locations.back().name = std::string(cursor.until("'").value_or(""));
        }
        return true;
    }
    if (cursor.skip("  This frame has") || (describes_stack_ && cursor.skip("    ["))) return true;
    cursor = text_cursor(line);
    cursor.skip("Address ");
    const auto address = cursor.hexadecimal();
    if (!address || !cursor.skip(" is located ")) return false;
    memory_location location;
    location.address = *address;
    location.relation = std::string(cursor.until(" [").value_or(cursor.rest()));
    describes_stack_ = cursor.skip("in stack of ");
    if (describes_stack_) {
        location.where = place::stack;
        location.thread = thread_name(cursor);
        location.relation.clear();
    } else if (location.relation.find("-byte region") != std::string::npos) {
        location.where = place::heap;
        text_cursor relation(location.relation);
        const std::size_t size = location.relation.find("-byte region");
        const std::size_t begin = location.relation.rfind(' ', size);
        if (begin != std::string::npos) {
            location.size = text_cursor(relation.rest().substr(begin + 1)).number().value_or(0);
        }
    } else if (cursor.skip_past("global variable '")) {
        location.where = place::global;
        location.name = std::string(cursor.until("'").value_or(""));
        location.relation = location.relation.substr(0, location.relation.find(" global"));
        if (cursor.skip_past(" of size ")) location.size = cursor.number().value_or(0);
    }
    add_location(std::move(location));
    return true;
}

void log_parser::add_labelled(std::string_view label, std::string_view thread, std::uint64_t size) {
    if (label.ends_with(':')) label.remove_suffix(1);
    report().stacks.push_back({std::string(label), std::string(thread), size, {}});
    stack_ = &report().stacks.back().stack;
    access_ = nullptr;
}

bool log_parser::take_labelled(std::string_view line) {
    const std::string_view text = without_indent(line);
    text_cursor cursor(text);
    if (cursor.skip("As if synchronized via sleep")) {
        report().synchronized_by_sleep = true;
        stack_ = &report().sleep_stack;
        return true;
    }
    if (cursor.skip("Direct leak of ") || cursor.skip("Indirect leak of ")) {
        const auto size = cursor.number();
        add_labelled(text, {}, size.value_or(0));
        return true;
    }
    if (text == "and:") {
        add_labelled("and", {});
        return true;
    }
    if (!text.ends_with(" here:")) {
        // "==4711==The signal is caused by a READ memory access."
        if (cursor.skip_past("The signal is caused by a ")) {
            access crash;
            crash.write = cursor.skip("WRITE");
            if (!crash.write && !cursor.skip("READ")) return true;
            if (!report().stacks.empty()) crash.thread = report().stacks.front().thread;
            report().accesses.push_back(std::move(crash));
            access_ = nullptr;
            stack_ = &report().accesses.back().stack;
            return true;
        }
        return text.find("Hint: ") != text.npos;
    }
    std::string thread;
    if (cursor.skip_past(" by ")) thread = thread_name(cursor);
    add_labelled(text, thread);
    return true;
}

}  // namespace interleave::sanitizer
