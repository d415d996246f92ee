#include "runner/conclude.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/hang.hpp"
#include "runner/observation.hpp"
#include "verdict/sanitizer/report.hpp"
#include "verdict/source_line.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

kind kind_of(report_kind reported) {
    switch (reported) {
        case report_kind::data_race:
            return kind::race;
        case report_kind::lock_order:
            return kind::deadlock;
        case report_kind::double_lock:
        case report_kind::unlock_of_unlocked:
        case report_kind::mutex_misuse:
            return kind::lock_misuse;
        case report_kind::thread_leak:
            return kind::unjoined_thread;
        case report_kind::use_after_free:
        case report_kind::stack_use_after_return:
        case report_kind::stack_use_after_scope:
            return kind::use_after_free;
        case report_kind::leak:
            return kind::leak;
        case report_kind::double_free:
        case report_kind::bad_free:
        case report_kind::heap_buffer_overflow:
        case report_kind::buffer_overflow:
            return kind::memory_error;
        case report_kind::deadly_signal:
        case report_kind::threads_after_fork:
        case report_kind::signal_unsafe:
        case report_kind::other:
            break;
    }
    return kind::crash;
}

std::string sentence_of(kind why) {
    switch (why) {
        case kind::race:
            return "Two threads touch the same memory, and nothing orders them.";
        case kind::deadlock:
            return "Locks are taken in orders that can wait for each other.";
        case kind::lock_misuse:
            return "A mutex is used in a way that it does not allow.";
        case kind::unjoined_thread:
            return "A thread is still running, or was never joined.";
        case kind::use_after_free:
            return "Memory is used after it was given back.";
        case kind::leak:
            return "Memory is never given back.";
        case kind::memory_error:
            return "Memory is used outside of what was asked for.";
        default:
            return "The program crashed.";
    }
}

/// What was under way, as the end of a sentence: ` while checking that "..."`.
std::string during(const observation& seen) {
    const observed_case* current = seen.interrupted();
    if (current != nullptr) return fmt::format(" during \"{}\"", current->sentence);
    return seen.cases.empty() ? " before the first case began" : "";
}

class conclusion {
  public:
    conclusion(const stage_run& done, const observation& seen) : done_(done), seen_(seen) {
        result_.which = done.which;
        result_.measurements = seen.measurements;
        result_.seconds = std::chrono::duration<double>(done.run.wall).count();
        count_executions();
    }

    stage_result reach() {
        if (done_.run.ended == ending::cancelled) {
            result_.summary = "Stopped.";
            return result_;
        }
        if (sanitizer_spoke() || stood_still() || hit_a_limit() || crashed() || case_failed() ||
            ended_early() || machine_failed() || went_another_way() || left_badly()) {
            return result_;
        }
        const bool explored = std::any_of(seen_.cases.begin(), seen_.cases.end(),
                                          [](const auto& one) { return one.explored.has_value(); });
        if (done_.replayed && !explored) {
            result_.result = outcome::skipped;
            result_.summary = "This check has no such scenario: the schedule is another lesson's.";
            return result_;
        }
        result_.result = outcome::passed;
        result_.summary =
            fmt::format("{} case{} held.", seen_.cases.size(), seen_.cases.size() == 1 ? "" : "s");
        if (result_.sampled) {
            result_.summary +=
                " Interleavings were sampled on real threads, not explored: the explorer is not "
                "ported to this machine.";
        }
        return result_;
    }

  private:
    void count_executions() {
        double executions = 0;
        for (const auto& each : seen_.cases) {
            if (!each.explored) continue;
            executions += static_cast<double>(each.explored->executions);
            result_.sampled = result_.sampled || each.explored->sampled;
        }
        if (executions == 0) return;
        result_.measurements.push_back({.name = result_.sampled ? "sampled" : "explored",
                                        .value = executions,
                                        .unit = result_.sampled ? "runs" : "schedules"});
    }

    void fail(kind why, std::string summary) {
        result_.result = outcome::failed;
        result_.why = why;
        result_.summary = std::move(summary);
    }

    void infrastructure(std::string summary) {
        result_.result = outcome::infrastructure;
        result_.summary = std::move(summary);
    }

    void tampered(std::string summary) {
        result_.result = outcome::tampered;
        result_.summary = std::move(summary);
    }

    bool sanitizer_spoke() {
        const auto reports = parse_sanitizer_log(done_.sanitizer_log);
        // Once a case has begun, stderr is the answer's: it may say anything.
        const bool did_not_start = reports.empty() && seen_.cases.empty() && !seen_.ended;
        if (is_environment_failure(done_.sanitizer_log) ||
            (did_not_start && is_environment_failure(done_.run.err))) {
            infrastructure("The sanitizer could not work on this machine.");
            result_.evidence = (done_.sanitizer_log + done_.run.err).substr(0, 1000);
            return true;
        }
        if (reports.empty()) return false;
        // A race explains the rest: it is the answer's kind even when it ended in a crash.
        const auto race = std::find_if(reports.begin(), reports.end(), [](const auto& report) {
            return report.kind == report_kind::data_race;
        });
        const auto& first = race != reports.end() ? *race : reports.front();
        const digest_options options{
            .root = done_.root, .answer_files = {done_.whose->file}, .width = 78};
        const kind why = kind_of(first.kind);
        fail(why, sentence_of(why));
        result_.evidence = digest(reports, options);
        if (const auto frame = learner_frame(first, options)) {
            result_.where = place{.file = frame->file,
                                  .line = static_cast<int>(frame->line),
                                  .column = static_cast<int>(frame->column),
                                  .text = source_line(frame->file, static_cast<int>(frame->line))};
        }
        return true;
    }

    bool stood_still() {
        const auto still = {ending::blocked, ending::idle, ending::napping, ending::cpu_limit};
        if (std::find(still.begin(), still.end(), done_.run.ended) == still.end()) return false;
        const hang_report hang =
            describe_hang(done_.run, done_.program, done_.whose->file, done_.root);
        fail(hang.why, hang.summary);
        result_.where = hang.where;
        result_.evidence = hang.text;
        if (const observed_case* current = seen_.interrupted()) {
            result_.evidence += fmt::format("It stands in \"{}\".\n", current->sentence);
        }
        return true;
    }

    bool hit_a_limit() {
        switch (done_.run.ended) {
            case ending::wall_limit:
                infrastructure("The check did not come to its end on this busy machine.");
                return true;
            case ending::output_limit:
                fail(kind::output_limit,
                     fmt::format("The program printed without end{}.", during(seen_)));
                return true;
            case ending::memory_limit:
                fail(kind::memory_limit,
                     fmt::format("The program used up the memory it may use{}.", during(seen_)));
                return true;
            default:
                return false;
        }
    }

    bool crashed() {
        if (done_.run.ended != ending::signalled) return false;
        const crash_report crash =
            describe_crash(done_.run, done_.program, done_.whose->file, done_.root);
        fail(crash.why, crash.summary);
        result_.where = crash.where;
        result_.evidence = crash.text;
        if (const observed_case* current = seen_.interrupted()) {
            result_.evidence += fmt::format("It happened in \"{}\".\n", current->sentence);
        }
        return true;
    }

    bool case_failed() {
        const auto failed =
            std::find_if(seen_.cases.begin(), seen_.cases.end(),
                         [](const auto& one) { return one.ended && one.answer_failed(); });
        if (failed == seen_.cases.end()) return false;
        if (done_.replayed && failed->explored && failed->explored->kind == "nondeterminism") {
            result_.result = outcome::skipped;
            result_.summary = failed->explored->message;
            return true;
        }
        for (const auto& each : seen_.cases) {
            result_.failures.insert(result_.failures.end(), each.failures.begin(),
                                    each.failures.end());
        }
        fail(failed->failing_kind(), fmt::format("This did not hold: {}.", failed->sentence));
        if (failed->explored) {
            tell_the_story(*failed->explored);
        } else {
            result_.evidence = show_failures();
        }
        return true;
    }

    void tell_the_story(const exploration& found) {
        result_.evidence = without_root(found.message) + "\n";
        if (found.explained_by_race()) {
            result_.evidence += "A data race leads there: nothing orders what the threads do.\n";
        }
        result_.schedule = found.schedule;
        if (!found.told.events.empty()) {
            result_.told = found.told;
            result_.evidence += "\n" + table(found.told);
        }
        if (!found.schedule.empty()) {
            result_.evidence += "\nReplay: " + replay_of(found.schedule) + "\n";
        }
        if (found.where.line > 0) {
            result_.where = found.where;
            result_.where->text = source_line(found.where.file, found.where.line);
        }
    }

    /// Paths as a learner knows them.
    std::string without_root(std::string text) const {
        const std::string root = done_.root.string() + "/";
        for (auto at = text.find(root); at != std::string::npos; at = text.find(root, at)) {
            text.erase(at, root.size());
        }
        return text;
    }

    std::string replay_of(const std::string& schedule) const {
        std::string command = fmt::format("tools/interleave check {}", done_.what->id);
        if (done_.whose->whose != role::learner) {
            command += " --answer " + without_root(done_.whose->file.string());
        }
        return with_schedule(command, schedule);
    }

    std::string show_failures() const {
        constexpr std::size_t shown = 3;
        std::string text;
        const std::size_t count = std::min(shown, result_.failures.size());
        for (std::size_t i = 0; i < count; ++i) {
            const case_failure& failure = result_.failures[i];
            text += fmt::format("{}\n", failure.sentence);
            if (!failure.expression.empty()) {
                text += fmt::format("    expected  {}\n", failure.expression);
            }
            if (!failure.expanded.empty() && failure.expanded != failure.expression) {
                text += fmt::format("    got       {}\n", failure.expanded);
            }
            if (!failure.message.empty()) text += fmt::format("    {}\n", failure.message);
            text += fmt::format("    at {}:{}\n",
                                failure.where.file.lexically_proximate(done_.root).string(),
                                failure.where.line);
        }
        if (result_.failures.size() > count) {
            text += fmt::format("and {} more.\n", result_.failures.size() - count);
        }
        return text;
    }

    bool ended_early() {
        if (seen_.ended) return false;
        fail(kind::exit,
             fmt::format("The program ended with status {}{}; the check never came to its end.",
                         done_.run.status, during(seen_)));
        return true;
    }

    bool machine_failed() {
        if (done_.cases.empty()) {
            infrastructure(
                fmt::format("The check has no case for the {} stage.", name(done_.which)));
            return true;
        }
        for (const auto& each : seen_.cases) {
            if (each.infrastructure.empty()) continue;
            infrastructure(each.infrastructure.front());
            return true;
        }
        for (const auto& each : seen_.cases) {
            if (!each.explored || !each.explored->outside_its_world()) continue;
            result_.result = outcome::inconclusive;
            result_.summary = "This answer waits for something that the explorer cannot control.";
            tell_the_story(*each.explored);
            return true;
        }
        for (const auto& each : seen_.cases) {
            if (each.inconclusive.empty()) continue;
            result_.result = outcome::inconclusive;
            result_.summary = each.inconclusive.front();
            return true;
        }
        return false;
    }

    /// The check did not go as it is written, and did not fail either.
    bool went_another_way() {
        std::vector<std::string> ran;
        for (const auto& each : seen_.cases) ran.push_back(each.sentence);
        if (ran != done_.cases) {
            const auto missing = std::find_if(
                done_.cases.begin(), done_.cases.end(), [&](const std::string& sentence) {
                    return std::find(ran.begin(), ran.end(), sentence) == ran.end();
                });
            tampered(fmt::format("The check has {} cases, and {} ran{}.", done_.cases.size(),
                                 ran.size(),
                                 missing == done_.cases.end()
                                     ? std::string(" that are not the same")
                                     : fmt::format("; this one did not: \"{}\"", *missing)));
            return true;
        }
        for (const auto& each : seen_.cases) {
            if (!each.ended || each.skipped > 0) {
                tampered(fmt::format("The case \"{}\" was left half-way.", each.sentence));
                return true;
            }
            if (each.passed == 0) {
                infrastructure(fmt::format("The case \"{}\" looked at nothing.", each.sentence));
                return true;
            }
        }
        if (done_.run.foreign_events > 0) {
            tampered(
                "Something other than the check wrote to the channel on which the check "
                "says what it saw.");
            return true;
        }
        return false;
    }

    bool left_badly() {
        if (seen_.status != 0 || done_.run.status != 0) {
            fail(kind::crash,
                 fmt::format("Every case held, and then the program ended with status {}.",
                             done_.run.status));
            result_.evidence = done_.run.err.substr(0, 2000);
            return true;
        }
        if (!seen_.gone) {
            fail(kind::exit,
                 "Every case held, and then the program was left at once, before its "
                 "static objects were destroyed.");
            return true;
        }
        return false;
    }

    const stage_run& done_;
    const observation& seen_;
    stage_result result_;
};

}  // namespace

std::string with_schedule(const std::string& command, const std::string& schedule) {
    // Longer, it would push the story off the screen.
    constexpr std::size_t longest = 1'000;
    if (schedule.size() > longest) {
        return fmt::format("{} finds it again; with --json it tells the schedule, of {} characters",
                           command, schedule.size());
    }
    return fmt::format("{} --schedule '{}'", command, schedule);
}

stage_result conclude(const stage_run& done) {
    const observation seen = observe(done.run.events);
    return conclusion(done, seen).reach();
}

}  // namespace interleave
