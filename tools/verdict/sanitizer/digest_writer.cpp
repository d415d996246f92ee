#include "digest_writer.hpp"

#include <algorithm>

#include "expression.hpp"
#include "text.hpp"

namespace interleave::sanitizer {
namespace {

constexpr std::size_t step_indent = 2;
constexpr std::size_t line_indent = 6;

std::string shortened(std::string text, std::size_t width) {
    if (width == 0 || text.size() + line_indent <= width) return text;
    std::size_t end = width > line_indent + 20 ? width - line_indent - 3 : 20;
    if (text.size() <= end) return text;
    // Not in the middle of a letter of several bytes.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

std::string bytes(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string accessed_bytes(const sanitizer_report& report) {
    std::uint64_t least = report.accesses.front().size;
    for (const access& each : report.accesses) least = std::min(least, each.size);
    return bytes(least);
}

std::string plain_thread(const std::string& id) {
    if (id == "main") return "the main thread";
    return id.empty() ? "a thread" : "thread " + id;
}

std::string capitalized(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] -= 'a' - 'A';
    return text;
}

void digest_writer::sentence(std::string_view text) {
    end_paragraph();
    text_ += wrap(text, width_);
}

void digest_writer::end_paragraph() {
    if (paragraph_ended_) text_ += '\n';
    paragraph_ended_ = false;
}

void digest_writer::step(std::string_view what, const stack_trace& stack, std::string_view detail) {
    const auto shown = places_.show(stack);
    end_paragraph();
    text_ += std::string(step_indent, ' ') + capitalized(std::string(what));
    if (!shown) {
        text_ += " at a place the sanitizer could not tell\n";
        all_in_answer_ = false;
    } else {
        const bool mine = shown->owner == frame_owner::answer;
        all_in_answer_ = all_in_answer_ && mine;
        some_in_answer_ = some_in_answer_ || mine;
        text_ += " at " + places_.path_and_line(shown->frame);
        const std::string function = short_function(shown->frame.function);
        if (!function.empty()) text_ += ", in " + shortened(function, 60);
        text_ += '\n';
        const std::string line = places_.source_line(shown->frame);
        if (!line.empty()) text_ += std::string(line_indent, ' ') + shortened(line, width_) + '\n';
    }
    if (!detail.empty()) {
        text_ += wrap(detail, width_, line_indent);
    }
}

std::string digest_writer::place_words(const stack_trace& stack) const {
    const auto shown = places_.show(stack);
    if (!shown || shown->owner == frame_owner::foreign) return {};
    return places_.path_and_line(shown->frame);
}

/// Who it is, and where it was started.
std::string digest_writer::thread_words(const sanitizer_report& report,
                                        const std::string& id) const {
    if (id == "main" || id.empty()) return {};
    const auto found = std::find_if(report.threads.begin(), report.threads.end(),
                                    [&](const thread_info& each) { return each.id == id; });
    if (found == report.threads.end()) return {};
    const std::string place = place_words(found->stack);
    if (place.empty()) return {};
    const bool by_main = found->created_by == "main" || found->created_by.empty();
    return "started at " + place + (by_main ? "" : " by " + plain_thread(found->created_by));
}

std::string digest_writer::mutex_name(const sanitizer_report& report, const std::string& id) const {
    const auto name_in = [this](const stack_trace& stack) -> std::string {
        const auto shown = places_.show(stack);
        return shown ? mutex_in(places_.source_line(shown->frame)) : std::string();
    };
    for (const mutex_info& each : report.mutexes) {
        if (each.id != id) continue;
        if (std::string name = name_in(each.stack); !name.empty()) return name;
    }
    for (const lock_acquisition& each : report.lock_cycle) {
        if (each.mutex == id) return name_in(each.stack);
    }
    return {};
}

std::string digest_writer::mutex_words(const sanitizer_report& report,
                                       const held_mutex& mutex) const {
    const std::string name = mutex_name(report, mutex.id);
    std::string words = name.empty() ? "one mutex" : "`" + name + "`";
    return mutex.shared ? words + " (shared)" : words;
}

std::string digest_writer::expression(const access& one) const {
    const auto shown = places_.show(one.stack);
    if (!shown) return {};
    std::size_t removed = 0;
    const std::string line = places_.source_line(shown->frame, &removed);
    if (shown->frame.column <= removed) return {};
    std::string written = expression_at(line, shown->frame.column - removed);
    // What the library changes inside a call is the container, not the element that it returns.
    if (!shown->callee.empty() && written.ends_with(']')) written.erase(written.find('['));
    return written;
}

/// The variable or member, as the learner wrote it; empty when it cannot be told.
std::string digest_writer::variable(const sanitizer_report& report) const {
    std::vector<const access*> order;
    for (const bool write : {true, false}) {
        for (const access& each : report.accesses) {
            if (each.write == write) order.push_back(&each);
        }
    }
    std::string written;
    for (const access* each : order) {
        if (written.empty()) written = expression(*each);
    }
    if (written.empty() && order.size() > 1) {
        const auto first = places_.show(order[0]->stack);
        const auto second = places_.show(order[1]->stack);
        if (first && second) {
            written =
                shared_name(places_.source_line(first->frame), places_.source_line(second->frame));
        }
    }
    for (const memory_location& location : report.locations) {
        if (location.name.empty()) continue;
        const std::size_t scope = location.name.rfind("::");
        const std::string own = location.name.substr(scope == std::string::npos ? 0 : scope + 2);
        const bool whole = report.accesses.empty() || report.accesses[0].size >= location.size;
        return whole || written.empty() ? own : written;
    }
    return written;
}

/// "8 bytes on the stack of the main thread".
std::string digest_writer::memory_words(const sanitizer_report& report) const {
    using place = memory_location::place;
    std::string words = report.accesses.empty() ? "memory" : accessed_bytes(report);
    if (report.locations.empty()) return words;
    const memory_location& location = report.locations.front();
    switch (location.where) {
        case place::global:
            return words + " of the global variable `" + location.name + "`";
        case place::heap: {
            words += " in a block of " + bytes(location.size) + " on the heap";
            const std::string where = place_words(location.stack);
            return where.empty() ? words : words + ", allocated at " + where;
        }
        case place::stack:
            return words + " on the stack of " + plain_thread(location.thread);
        case place::thread_local_storage:
            return words + " of a thread_local variable of " + plain_thread(location.thread);
        case place::file_descriptor:
            return "file descriptor " + location.name;
        case place::other:
            return words;
    }
    return words;
}

}  // namespace interleave::sanitizer
