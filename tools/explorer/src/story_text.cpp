#include "story_text.hpp"

#include <algorithm>
#include <set>

namespace interleave::detail {
namespace {

constexpr std::size_t width = 100, most_lines = 40;

struct step {
    int thread = 0;
    std::string place, text;
    std::vector<std::string> notes;
    bool culprit = false;
};

std::string base_name(const std::string& file) {
    const auto slash = file.rfind('/');
    return slash == std::string::npos ? file : file.substr(slash + 1);
}

std::string note_of(const story_event& e) {
    std::string note = e.operation;
    if (!e.object.empty()) note += " " + e.object;
    if (!e.value.empty()) {
        if (e.operation == "reads" || e.operation == "loads" || e.operation == "finds")
            note += " = " + e.value;
        else if (e.operation == "changes")
            note += " from " + e.value;
        else
            note += " := " + e.value;
    }
    if (!e.detail.empty()) note += " (" + e.detail + ")";
    return note;
}

std::vector<step> steps_of(const story& s) {
    std::vector<step> steps;
    for (const story_event& e : s.events) {
        const std::string place = base_name(e.file) + ":" + std::to_string(e.line);
        if (steps.empty() || steps.back().thread != e.thread || steps.back().place != place)
            steps.push_back({e.thread, place, e.text, {}, false});
        step& last = steps.back();
        last.culprit |= e.culprit;
        const std::string note = note_of(e);
        if (!note.empty() &&
            std::find(last.notes.begin(), last.notes.end(), note) == last.notes.end())
            last.notes.push_back(note);
    }
    return steps;
}

std::string clipped(std::string text, std::size_t room) {
    if (text.size() > room) text = text.substr(0, room > 3 ? room - 3 : 0) + "...";
    return text;
}

std::string thread_title(int id) {
    return id == 0 ? "body" : "thread " + std::to_string(id);
}

}  // namespace

std::string story_table(const story& s, failure) {
    const std::vector<step> steps = steps_of(s);
    std::set<int> used;
    for (const step& one : steps) used.insert(one.thread);
    for (const thread_state& t : s.at_end) used.insert(t.thread);
    const std::vector<int> columns(used.begin(), used.end());
    const bool narrow = columns.size() > 6;  // then each step names its thread
    const std::size_t stride =
        columns.size() < 2 || narrow ? 0 : std::min<std::size_t>(30, 52 / (columns.size() - 1));
    const auto indent_of = [&](int thread) {
        const auto at = std::lower_bound(columns.begin(), columns.end(), thread);
        return 2 + stride * static_cast<std::size_t>(at - columns.begin());
    };

    std::vector<std::string> tail;
    if (!s.at_end.empty()) {
        tail.push_back("");
        tail.push_back("At the end:");
        for (const thread_state& t : s.at_end) {
            if (tail.size() >= 14) {
                tail.push_back("  and more threads like these");
                break;
            }
            tail.push_back(clipped("  " + thread_title(t.thread) + " " + t.state, width));
            if (!t.text.empty())
                tail.push_back(clipped(
                    "      " + base_name(t.file) + ":" + std::to_string(t.line) + "  " + t.text,
                    width));
        }
    }

    std::vector<std::vector<std::string>> blocks;
    for (const step& one : steps) {
        const std::string margin(indent_of(one.thread), ' ');
        std::vector<std::string> block;
        std::string head =
            margin + (narrow ? thread_title(one.thread) + ": " : "") + one.place + "  " + one.text;
        if (one.culprit) head[0] = '>';
        block.push_back(clipped(head, width));
        std::string notes;
        for (std::size_t i = 0; i < one.notes.size(); ++i) {
            const std::string next = notes.empty() ? one.notes[i] : notes + ", " + one.notes[i];
            if (margin.size() + 4 + next.size() > width && !notes.empty()) {
                block.push_back(clipped(margin + "    " + notes, width));
                notes = one.notes[i];
            } else {
                notes = next;
            }
        }
        if (!notes.empty()) block.push_back(clipped(margin + "    " + notes, width));
        if (block.size() > 4) block.resize(4);
        blocks.push_back(std::move(block));
    }

    std::size_t room = most_lines - std::min<std::size_t>(tail.size(), 16) - 2,
                from = blocks.size();
    while (from > 0 && blocks[from - 1].size() <= room) room -= blocks[--from].size();

    std::string text;
    if (!narrow) {
        std::string title;
        for (const int id : columns) {
            title.resize(std::max(title.size() + (title.empty() ? 0 : 1), indent_of(id)), ' ');
            title += thread_title(id);
        }
        text += title + "\n";
    }
    const int left_out = s.left_out + static_cast<int>(from);
    if (left_out > 0)
        text += "  (" + std::to_string(left_out) + " earlier " +
                (left_out == 1 ? "step" : "steps") + " left out)\n";
    for (std::size_t i = from; i < blocks.size(); ++i)
        for (const std::string& line : blocks[i]) text += line + "\n";
    for (const std::string& line : tail) text += line + "\n";
    return text;
}

}  // namespace interleave::detail
