#include <algorithm>
#include <map>

#include "digest_writer.hpp"
#include "report_kind.hpp"
#include "text.hpp"

namespace interleave {
namespace {

using sanitizer::digest_writer;
using sanitizer::kind_words;
using sanitizer::places;

/// How much of a report lies in the learner's own file.
std::size_t score(const sanitizer_report& report, const places& where) {
    if (!report.accesses.empty()) {
        return static_cast<std::size_t>(
            std::count_if(report.accesses.begin(), report.accesses.end(),
                          [&](const access& each) { return where.in_answer(each.stack); }));
    }
    return static_cast<std::size_t>(
        std::any_of(report.stacks.begin(), report.stacks.end(),
                    [&](const labelled_stack& each) { return where.in_answer(each.stack); }) ||
        std::any_of(report.lock_cycle.begin(), report.lock_cycle.end(),
                    [&](const lock_acquisition& each) { return where.in_answer(each.stack); }));
}

const sanitizer_report& clearest(const std::vector<sanitizer_report>& reports,
                                 const places& where) {
    const sanitizer_report* best = &reports.front();
    std::size_t most = score(*best, where);
    for (const sanitizer_report& report : reports) {
        const std::size_t own = score(report, where);
        if (own > most) {
            best = &report;
            most = own;
        }
    }
    return *best;
}

std::string others(const std::vector<sanitizer_report>& reports, const sanitizer_report& shown) {
    std::map<report_kind, std::size_t> counts;
    for (const sanitizer_report& report : reports) {
        if (&report != &shown) ++counts[report.kind];
    }
    std::string list;
    for (const auto& [kind, count] : counts) {
        if (!list.empty()) list += ", ";
        list += std::to_string(count) + " " + std::string(kind_words(kind, count != 1));
    }
    return "The same run reported more, not shown here: " + list + ".";
}

}  // namespace

std::string digest(const std::vector<sanitizer_report>& reports, const digest_options& options) {
    if (reports.empty()) return {};
    digest_writer writer(options);
    const sanitizer_report& shown = clearest(reports, writer.where());
    const bool two_accesses = shown.accesses.size() > 1;
    if (two_accesses) {
        writer.race(shown);
    } else {
        writer.misuse(shown);
    }
    if (!options.answer_files.empty() && !writer.some_in_answer()) {
        writer.sentence("None of these places is in your own file; the nearest ones are shown.");
    } else if (!options.answer_files.empty() && two_accesses && !writer.all_in_answer()) {
        writer.sentence("One of the two accesses is not made in your own file.");
    }
    if (!shown.complete) writer.sentence("The report was cut off, so some of it is missing.");
    if (reports.size() > 1) writer.sentence(others(reports, shown));
    return writer.take();
}

std::optional<source_frame> learner_frame(const sanitizer_report& report,
                                          const digest_options& options) {
    const places where(options);
    const auto in = [&](const stack_trace& stack) -> std::optional<source_frame> {
        if (!where.in_answer(stack)) return std::nullopt;
        return where.show(stack)->frame;
    };
    for (const bool write : {true, false}) {
        for (const access& each : report.accesses) {
            if (each.write != write) continue;
            if (auto frame = in(each.stack)) return frame;
        }
    }
    for (const lock_acquisition& each : report.lock_cycle) {
        if (auto frame = in(each.stack)) return frame;
    }
    for (const labelled_stack& each : report.stacks) {
        if (auto frame = in(each.stack)) return frame;
    }
    for (const thread_info& each : report.threads) {
        if (auto frame = in(each.stack)) return frame;
    }
    return std::nullopt;
}

}  // namespace interleave
