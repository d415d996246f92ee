#include "log_parser.hpp"

#include <algorithm>
#include <utility>

#include "frame_parser.hpp"
#include "log_words.hpp"
#include "report_kind.hpp"
#include "text.hpp"

namespace interleave::sanitizer {
namespace {

constexpr std::size_t most_reports = 1000;
constexpr std::size_t most_frames = 256;  // the runtimes themselves stop there
constexpr std::size_t most_bytes = 8U << 20U;

}  // namespace

void log_parser::take(std::string_view line) {
    if (begin_report(line)) return;
    if (!inside_ || take_stack_line(line)) return;
    if (take_end(line)) return;
    if (!spend(sizeof(memory_location) + line.size())) return;
    if (!take_section(line)) {
        // What belongs to no section ends the stack, so that foreign frames join no report.
        if (!without_indent(line).starts_with("Hint")) stack_ = nullptr;
    }
}

std::vector<sanitizer_report> log_parser::finish() {
    stack_ = nullptr;
    inside_ = false;
    return std::exchange(reports_, {});
}

bool log_parser::spend(std::size_t bytes) {
    if (spent_ + bytes > most_bytes) {
        report().shortened = true;
        return false;
    }
    spent_ += bytes;
    return true;
}

bool log_parser::begin_report(std::string_view line) {
    text_cursor cursor(line);
    skip_process(cursor);
    const bool titled = cursor.skip("WARNING: ") || cursor.skip("ERROR: ");
    const std::string_view sanitizer = cursor.word();
    if (!sanitizer.ends_with("Sanitizer") || !cursor.skip(": ")) return false;
    const std::string_view title = cursor.rest();
    // The one message that ends the program without being called an error.
    if (!titled && kind_of_title(title) != report_kind::threads_after_fork) return false;
    begin(sanitizer, title);
    return true;
}

void log_parser::begin(std::string_view sanitizer, std::string_view title) {
    stack_ = nullptr;
    access_ = nullptr;
    describes_stack_ = false;
    inside_ = reports_.size() < most_reports;
    if (!inside_) return;
    reports_.emplace_back();
    report().sanitizer = sanitizer;
    report().kind = kind_of_title(title);
    const std::size_t process = title.rfind(" (pid=");
    report().title = title.substr(0, std::min(process, title.find(" on address 0x")));
    if (report().kind == report_kind::threads_after_fork) report().complete = true;
    read_title_address(title);
}

/// AddressSanitizer names the thread and address of a crash or a wrong free in the title itself,
/// and its stack follows at once.
void log_parser::read_title_address(std::string_view title) {
    if (report().kind == report_kind::data_race) return;
    labelled_stack first{"here", {}, 0, {}};
    text_cursor cursor(title);
    if (cursor.skip_past(" in thread ")) first.thread = thread_name(cursor);
    cursor = text_cursor(title);
    // ThreadSanitizer puts the system's number of the thread there, which no other line mentions.
    if (report().sanitizer != "ThreadSanitizer" && cursor.skip_past(" sp 0x")) {
        cursor.word();
        if (cursor.skip(" ") && cursor.rest().starts_with('T')) first.thread = thread_name(cursor);
    }
    report().stacks.push_back(std::move(first));
    stack_ = &report().stacks.back().stack;
}

bool log_parser::take_stack_line(std::string_view line) {
    if (!without_indent(line).starts_with('#')) {
        if (access_ != nullptr && line.find("[failed to restore the stack]") != line.npos) {
            access_->stack_lost = true;
            return true;
        }
        return false;
    }
    auto frame = parse_frame(line);
    if (!frame || stack_ == nullptr) return true;
    if (stack_->size() >= most_frames || !spend(sizeof(source_frame) + line.size())) {
        report().shortened = true;
        return true;
    }
    stack_->push_back(std::move(*frame));
    return true;
}

bool log_parser::take_end(std::string_view line) {
    text_cursor cursor(line);
    const bool process = (skip_process(cursor), cursor.rest().size() != line.size());
    if (line.starts_with("==================") || (process && cursor.skip("ABORTING"))) {
        inside_ = false;
        return true;
    }
    if (!cursor.skip("SUMMARY: ")) return false;
    report().summary = std::string(cursor.rest());
    report().complete = true;
    stack_ = nullptr;
    access_ = nullptr;
    // After a crash AddressSanitizer tells only now where the thread was started.
    inside_ = report().sanitizer == "AddressSanitizer";
    return true;
}

}  // namespace interleave::sanitizer

std::vector<interleave::sanitizer_report> interleave::parse_sanitizer_log(std::string_view log) {
    sanitizer::log_parser parser;
    while (!log.empty()) {
        const std::size_t end = log.find('\n');
        parser.take(sanitizer::printable(log.substr(0, end)));
        log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
    }
    return parser.finish();
}
