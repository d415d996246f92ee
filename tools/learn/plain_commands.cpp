#include "learn/plain_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "course/edits.hpp"
#include "learn/check_command.hpp"
#include "learn/journey.hpp"
#include "learn/present.hpp"
#include "terminal/style.hpp"

namespace interleave {
namespace {

const lesson& chosen(const course& all, const progress& so_far, const std::string& name) {
    return name.empty() ? current_lesson(all, so_far) : all.find(name);
}

std::string_view name_of(lesson_state state) {
    switch (state) {
        case lesson_state::done:
            return "done";
        case lesson_state::tried:
            return "tried";
        case lesson_state::untouched:
            break;
    }
    return "untouched";
}

std::string coloured_diff(const std::string& diff, const style& look) {
    std::string text;
    std::size_t begin = 0;
    while (begin < diff.size()) {
        const std::size_t end = std::min(diff.find('\n', begin), diff.size());
        const std::string line = diff.substr(begin, end - begin);
        begin = end + 1;
        if (line.starts_with('+')) {
            text += look.good(line);
        } else if (line.starts_with('-')) {
            text += look.bad(line);
        } else {
            text += line.starts_with("@@") ? look.faint(line) : line;
        }
        text += '\n';
    }
    return text;
}

}  // namespace

bool confirmed(const std::string& question, bool otherwise) {
    if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) return otherwise;
    std::cout << question << " [y/N] " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    return line == "y" || line == "Y" || line == "yes";
}

int list_command(const course& all, const progress& so_far, bool json) {
    if (json) {
        nlohmann::json lessons = nlohmann::json::array();
        for (const auto& each : all.lessons()) {
            const auto known = so_far.of(each.id);
            lessons.push_back({{"id", each.id},
                               {"title", each.title},
                               {"chapter", each.chapter},
                               {"idea", each.idea},
                               {"file", (each.folder / each.file).lexically_proximate(all.root())},
                               {"state", name_of(known.state)},
                               {"hints_shown", known.hints_shown},
                               {"solution_seen", known.solution_seen}});
        }
        fmt::print("{}\n", lessons.dump(2));
        return exit_passed;
    }
    const style look = style::of(stdout);
    const std::string current = current_lesson(all, so_far).id;
    std::string chapter;
    std::size_t done = 0;
    for (const auto& each : all.lessons()) {
        if (each.chapter != chapter) {
            chapter = each.chapter;
            fmt::print("{}\n", look.strong(chapter));
        }
        const auto known = so_far.of(each.id);
        const bool finished = known.state == lesson_state::done;
        done += finished;
        const std::string state(finished             ? "done"
                                : each.id == current ? "here"
                                                     : name_of(known.state));
        fmt::print("  {} {:<22} {}{}\n",
                   finished ? look.good(fmt::format("{:<10}", state))
                            : look.faint(fmt::format("{:<10}", state)),
                   each.id, each.title, known.solution_seen ? look.faint("  (solution seen)") : "");
    }
    fmt::print("{} of {} done. `tools/interleave learn` goes on with {}.\n", done,
               all.lessons().size(), current);
    return exit_passed;
}

int next_command(const course& all, progress& so_far) {
    const lesson& here = current_lesson(all, so_far);
    const lesson* next = so_far.of(here.id).state == lesson_state::done || !so_far.current().empty()
                             ? next_lesson(all, so_far, here)
                             : &here;
    if (next == nullptr) {
        fmt::print("There is no other lesson to do. `tools/interleave list` shows them all.\n");
        return exit_passed;
    }
    so_far.set_current(next->id);
    const presenter say(style::of(stdout), all.root());
    fmt::print("{}\n  {}\n  read {}, edit {}\n", say.title(*next), next->idea,
               say.path(next->folder / "README.md"), say.path(next->learner_file()));
    return exit_passed;
}

int hint_command(const course& all, progress& so_far, const std::string& name, int number) {
    const lesson& what = chosen(all, so_far, name);
    const auto rungs = hints(what);
    const int count = static_cast<int>(rungs.size());
    const int shown = so_far.of(what.id).hints_shown;
    const int upto = std::min(count, number > 0 ? number : shown + 1);
    const style look = style::of(stdout);
    const int first = number > 0 ? 1 : upto;
    for (int i = first; i <= upto; ++i) {
        const auto& rung = rungs[static_cast<std::size_t>(i - 1)];
        fmt::print("{}\n\n{}\n\n",
                   look.strong(fmt::format("{}, hint {} of {}: {}", what.id, i, count, rung.title)),
                   rung.text);
    }
    if (upto == count && number == 0 && shown >= count) {
        fmt::print("That was the last hint. `tools/interleave solution {}` shows the way out.\n",
                   what.id);
    }
    so_far.mark_hints(what.id, upto);
    return exit_passed;
}

int reset_command(const course& all, progress& so_far, const std::string& name, bool sure) {
    const lesson& what = chosen(all, so_far, name);
    const presenter say(style::of(stdout), all.root());
    if (!sure && !missing_file(all, what) &&
        !confirmed(
            fmt::format("Put the starter of {} back? Your version is kept as a backup.", what.id),
            true)) {
        fmt::print("Nothing was changed.\n");
        return exit_failed;
    }
    const reset_result done = reset(all, what);
    so_far.start_over(what.id);
    if (!done.changed) {
        fmt::print("{} is the starter already; nothing was changed.\n",
                   say.path(what.learner_file()));
    } else if (done.backup) {
        fmt::print("{} is the starter again. Your version is kept in {}\n",
                   say.path(what.learner_file()), say.path(*done.backup));
    } else {
        fmt::print("{} is back.\n", say.path(what.learner_file()));
    }
    return exit_passed;
}

int solution_command(const course& all, progress& so_far, const std::string& name, bool sure) {
    const lesson& what = chosen(all, so_far, name);
    const auto known = so_far.of(what.id);
    if (!sure && !known.solution_seen && known.state != lesson_state::done &&
        !confirmed(fmt::format("Show the solution of {}? It is remembered as seen.", what.id),
                   true)) {
        fmt::print("Not shown.\n");
        return exit_failed;
    }
    const style look = style::of(stdout);
    const presenter say(look, all.root());
    const std::string text =
        missing_file(all, what) ? diff(all, what, diff_from::starter) : diff(all, what);
    so_far.mark_solution_seen(what.id);
    if (text.empty()) {
        fmt::print("Your answer is the solution, to the letter.\n");
    } else {
        fmt::print("{}", coloured_diff(text, look));
    }
    fmt::print("Why it works, and what else would: {}\n",
               say.path(what.solution.parent_path() / "README.md"));
    return exit_passed;
}

}  // namespace interleave
