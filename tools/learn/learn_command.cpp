#include "learn/learn_command.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "course/edits.hpp"
#include "learn/background_run.hpp"
#include "learn/check_command.hpp"
#include "learn/file_watch.hpp"
#include "learn/journey.hpp"
#include "learn/present.hpp"
#include "learn/screen.hpp"
#include "learn/story_view.hpp"
#include "terminal/fit.hpp"
#include "terminal/keyboard.hpp"

namespace interleave {
namespace {

/// What the middle of the window shows.
enum class view { verdict, story, hint, list, diff, confirm_reset, confirm_solution };

class session {
  public:
    session(const course& all, progress& so_far, runner& judge, const lesson& first,
            std::stop_token stop)
        : course_(all), progress_(so_far), run_(judge), stop_(std::move(stop)) {
        open(first);
    }

    int run() {
        while (!quit_) {
            draw();
            wait();
            if (stop_.stop_requested()) {
                leave();
                return exit_interrupted;
            }
            if (keys_.regain()) painted_.clear();
            if (watch_->changed()) {
                view_ = view::verdict;
                judge();
            }
            while (const auto key = keys_.read()) press(*key);
            note_when_done();
        }
        leave();
        return exit_passed;
    }

  private:
    void open(const lesson& which) {
        lesson_ = &which;
        watch_ = std::make_unique<file_watch>(which.learner_file());
        view_ = view::verdict;
        message_.clear();
        hints_open_ = 0;
        progress_.set_current(which.id);
        judge();
    }

    void judge() {
        noted_ = false;
        message_.clear();
        story_ = {};
        if (missing_file(course_, *lesson_)) {
            run_.clear();
            return;
        }
        run_.start(*lesson_, learner_answer(*lesson_));
    }

    void wait() {
        // Asking a few times a second is what sees saves where inotify does not.
        constexpr int milliseconds = 200;
        pollfd sources[3] = {{keys_.descriptor(), POLLIN, 0},
                             {run_.descriptor(), POLLIN, 0},
                             {watch_->descriptor(), POLLIN, 0}};
        poll(sources, 3, milliseconds);
        if ((sources[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) quit_ = true;
    }

    void note_when_done() {
        if (noted_) return;
        const auto now = run_.look();
        if (!now.record) return;
        note_verdict(progress_, *lesson_, *now.record);
        noted_ = true;
    }

    void press(char key) {
        if (view_ == view::confirm_reset || view_ == view::confirm_solution) {
            answer_question(key);
            return;
        }
        message_.clear();
        if (view_ == view::story && step(key)) return;
        switch (key) {
            case 'q':
            case '\x04':
                quit_ = true;
                break;
            case 'r':
                view_ = view::verdict;
                judge();
                break;
            case 'n':
                go_on();
                break;
            case 'h':
                show_hint();
                break;
            case 'i':
                show_story();
                break;
            case 'l':
                view_ = view_ == view::list ? view::verdict : view::list;
                break;
            case 's':
                view_ = view_ == view::diff ? view::verdict
                        : progress_.of(lesson_->id).solution_seen || is_done()
                            ? view::diff
                            : view::confirm_solution;
                break;
            case 'x':
                view_ = view::confirm_reset;
                break;
            case '\x1b':
                view_ = view::verdict;
                break;
            default:
                break;
        }
    }

    void answer_question(char key) {
        const view asked = std::exchange(view_, view::verdict);
        if (key != 'y' && key != 'Y') {
            message_ = asked == view::confirm_reset ? "Nothing was changed." : "Not shown.";
            return;
        }
        if (asked == view::confirm_solution) {
            progress_.mark_solution_seen(lesson_->id);
            view_ = view::diff;
            return;
        }
        try {
            const reset_result done = reset(course_, *lesson_);
            progress_.start_over(lesson_->id);
            watch_->changed();
            judge();
            const presenter say(style::of(stdout), course_.root());
            message_ = done.backup ? fmt::format("The starter is back. Your version is kept in {}",
                                                 say.path(*done.backup))
                                   : "The starter is back.";
        } catch (const course_error& error) {
            message_ = error.what();
        }
    }

    static std::vector<stage_result> known(const background_run::snapshot& now) {
        std::vector<stage_result> all = now.stages;
        all.insert(all.end(), now.ahead.begin(), now.ahead.end());
        return all;
    }

    /// The interleaving that breaks the answer, if one was found.
    void show_story() {
        if (std::exchange(view_, view::verdict) == view::story) return;
        for (const stage_result& each : known(run_.look())) {
            if (!each.told) continue;
            story_ = story_view(*each.told, each.evidence.substr(0, each.evidence.find('\n')));
        }
        if (story_.empty()) {
            message_ = "There is no interleaving to step through: none was found that breaks it.";
            return;
        }
        view_ = view::story;
    }

    /// Whether the key was one of the story's: it steps, or leaves the story for the verdict.
    bool step(char key) {
        switch (key) {
            case 'j':
            case 'v':
            case '>':
            case ' ':
                story_.forward();
                return true;
            case 'k':
            case '^':
            case '<':
                story_.backward();
                return true;
            case 'g':
                story_.to_the_beginning();
                return true;
            case 'G':
                story_.to_the_end();
                return true;
            case 'q':
                view_ = view::verdict;
                return true;
            default:
                return false;
        }
    }

    bool is_done() const { return progress_.of(lesson_->id).state == lesson_state::done; }

    void go_on() {
        const lesson* next = next_lesson(course_, progress_, *lesson_);
        if (next == nullptr) {
            message_ = is_done() ? "That was the last lesson: all are done."
                                 : "This is the only lesson that is left.";
            return;
        }
        open(*next);
    }

    void show_hint() {
        try {
            rungs_ = hints(*lesson_);
        } catch (const course_error& error) {
            message_ = error.what();
            return;
        }
        const int count = static_cast<int>(rungs_.size());
        hints_open_ = view_ == view::hint ? hints_open_ % count + 1 : std::max(hints_open_, 1);
        view_ = view::hint;
        progress_.mark_hints(lesson_->id, hints_open_);
    }

    void draw() {
        const style look = style::of(stdout);
        const presenter say(look, course_.root());
        const auto now = run_.look();
        screen window(look);
        const bool roomy = look.rows() >= 16;
        window.top(say.title(*lesson_));
        if (roomy) {
            window.top(wrap(lesson_->idea, look.columns(), ""));
            window.top("");
        }
        switch (view_) {
            case view::verdict:
                draw_verdict(window, say, now);
                break;
            case view::story:
                for (const std::string& each : story_.page(look, look.rows() - (roomy ? 7 : 2))) {
                    window.middle(each);
                }
                break;
            case view::hint:
                draw_hint(window, look);
                break;
            case view::list:
                draw_list(window, look);
                break;
            case view::diff:
                draw_diff(window, look);
                break;
            case view::confirm_reset:
                window.middle(wrap(
                    "Put the starter back? Your version is kept as a backup. (y: yes, else no)",
                    look.columns(), ""));
                break;
            case view::confirm_solution:
                window.middle(
                    wrap("Show how the solution differs? It is remembered as seen. "
                         "(y: yes, else no)",
                         look.columns(), ""));
                break;
        }
        if (!message_.empty()) window.bottom(wrap(look.strong(message_), look.columns(), ""));
        if (view_ != view::story || roomy) {
            window.bottom(wrap(status(say, now), look.columns(), ""));
        }
        const std::string keys =
            view_ == view::story
                ? "q back  j forwards  k backwards (or the arrows)  g first  G last"
                : "n next  h hint  i step  l list  r run again  x reset  s solution  q quit";
        const bool wide = columns_of(keys) <= look.columns();
        window.bottom(look.faint(wide || !roomy ? keys : wrap(keys, look.columns(), "")));
        const std::string painted = window.paint();
        if (painted == painted_) return;
        painted_ = painted;
        std::fwrite(painted.data(), 1, painted.size(), stdout);
        std::fflush(stdout);
    }

    void draw_verdict(screen& window, const presenter& say,
                      const background_run::snapshot& now) const {
        for (const auto& each : now.stages) window.middle(say.stage_line(each));
        if (now.running) window.middle(say.look().faint("  " + now.doing + " ..."));
        for (const auto& each : now.ahead) window.middle(say.stage_line(each));
        if (!now.failure.empty()) window.middle(now.failure);
        window.middle("");
        if (now.record) {
            const int used = static_cast<int>(now.stages.size()) + 8;
            window.middle(say.explanation(*now.record, say.look().rows() - used));
            return;
        }
        // While other stages are still under way, the first failure is explained already.
        verdict so_far;
        so_far.stages = known(now);
        window.middle(say.explanation(so_far, say.look().rows() - 14));
    }

    void draw_hint(screen& window, const style& look) const {
        const auto& rung = rungs_[static_cast<std::size_t>(hints_open_ - 1)];
        window.middle(
            look.strong(fmt::format("Hint {} of {}: {}", hints_open_, rungs_.size(), rung.title)));
        window.middle("");
        window.middle(rung.text);
        window.middle("");
        window.middle(look.faint("h shows another hint, Esc goes back"));
    }

    void draw_list(screen& window, const style& look) const {
        for (const auto& each : course_.lessons()) {
            const auto state = progress_.of(each.id).state;
            const std::string mark = state == lesson_state::done    ? look.good("done ")
                                     : state == lesson_state::tried ? "tried"
                                                                    : "     ";
            window.middle(fmt::format("  {} {} {:<22} {}", each.id == lesson_->id ? ">" : " ", mark,
                                      each.id, each.title));
        }
    }

    void draw_diff(screen& window, const style& look) const {
        std::string text;
        try {
            text = diff(course_, *lesson_,
                        missing_file(course_, *lesson_) ? diff_from::starter : diff_from::learner);
        } catch (const course_error& error) {
            window.middle(wrap(error.what(), look.columns(), ""));
            return;
        }
        if (text.empty()) window.middle("Your answer is the solution, to the letter.");
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            const std::string line = text.substr(begin, end - begin);
            begin = end + 1;
            window.middle(line.starts_with('+')   ? look.good(line)
                          : line.starts_with('-') ? look.bad(line)
                                                  : line);
        }
    }

    std::string status(const presenter& say, const background_run::snapshot& now) const {
        if (const auto missing = missing_file(course_, *lesson_)) {
            return say.look().bad("Missing:") + " " + *missing + " Here, x does.";
        }
        const std::string file = say.look().strong(say.path(lesson_->learner_file()));
        if (now.record) {
            std::string text = say.closing(*lesson_, *now.record);
            if (now.record->result() == outcome::passed) text += " n goes on.";
            return text;
        }
        if (!now.failure.empty())
            return fmt::format("{} {}", say.look().unsure("No verdict:"), file);
        return fmt::format("Edit {} and save; it is judged at once.", file);
    }

    void leave() {
        run_.stop();
        std::fputs("\r\n", stdout);
        std::fflush(stdout);
    }

    const course& course_;
    progress& progress_;
    background_run run_;
    const std::stop_token stop_;
    keyboard keys_;
    const lesson* lesson_ = nullptr;
    std::unique_ptr<file_watch> watch_;
    view view_ = view::verdict;
    story_view story_;
    std::vector<hint> rungs_;
    int hints_open_ = 0;
    bool noted_ = false;
    bool quit_ = false;
    std::string message_;
    std::string painted_;
};

}  // namespace

int learn_command(const course& all, progress& so_far, runner& judge, const std::string& name,
                  std::stop_token stop) {
    const lesson& first = name.empty() ? current_lesson(all, so_far) : all.find(name);
    const style look = style::of(stdout);
    if (isatty(STDIN_FILENO) == 0 || !look.terminal()) {
        fmt::print("There is no terminal to watch from, so {} is judged once.\n", first.id);
        return check_command(all, so_far, judge,
                             {.lessons = {first.id}, .answer = {}, .schedule = {}}, stop);
    }
    std::fputs("\x1b[2J", stdout);
    return session(all, so_far, judge, first, std::move(stop)).run();
}

}  // namespace interleave
