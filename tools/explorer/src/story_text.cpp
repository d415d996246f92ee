#include <algorithm>
#include <map>
#include <set>

#include "interleave/story.hpp"

namespace interleave {
namespace {

using lines = std::vector<std::string>;

constexpr std::size_t gap = 2;            // between two columns
constexpr std::size_t narrowest = 16;     // a column; below, each step names its thread
constexpr std::size_t least_source = 24;  // of the source line beside the columns
constexpr std::size_t most_origins = 6;

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

/// The byte where `room` characters end.
std::size_t cut_at(const std::string& text, std::size_t room) {
    std::size_t at = 0;
    while (at < text.size() && (room > 0 || continues_character(text[at])))
        if (!continues_character(text[at++])) --room;
    return at;
}

std::string clipped(const std::string& text, std::size_t room) {
    if (width_of(text) <= room) return text;
    if (room < 4) return text.substr(0, cut_at(text, room));
    return text.substr(0, cut_at(text, room - 3)) + "...";
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t has = width_of(text);
    return has < width ? text.append(width - has, ' ') : text;
}

/// Broken at spaces, and inside words that are wider than the room.
lines wrapped(const std::string& text, std::size_t room) {
    lines out;
    std::string rest = text;
    while (width_of(rest) > room) {
        const std::size_t end = cut_at(rest, room);
        std::size_t space = rest.rfind(' ', end);
        if (space == std::string::npos || space == 0) space = end;
        out.push_back(rest.substr(0, space));
        rest.erase(0, space + (space < rest.size() && rest[space] == ' ' ? 1 : 0));
    }
    out.push_back(rest);
    return out;
}

std::string base_name(const std::string& file) {
    const auto slash = file.rfind('/');
    return slash == std::string::npos ? file : file.substr(slash + 1);
}

/// Creations stand above the table, where the threads are introduced; joins tell nothing.
bool in_the_table(const story_event& e) {
    return e.operation != "starts" && e.operation != "joins";
}

template <class Placed>
std::string source_of(const Placed& at) {
    if (at.file.empty()) return {};
    return base_name(at.file) + ":" + std::to_string(at.line) + "  " + at.text;
}

/// The file that most steps are in: it is named once, above.
std::string main_file_of(const story& told) {
    std::map<std::string, int> steps;
    std::string most;
    for (const story_event& e : told.events)
        if (in_the_table(e) && ++steps[e.file] > steps[most]) most = e.file;
    return most;
}

std::string step_text(const story_event& e) {
    return sentence(e) + (e.detail.empty() ? "" : ", " + e.detail);
}

class writer {
  public:
    writer(const story& told, int columns, int rows)
        : told_(told),
          width_(static_cast<std::size_t>(std::max(columns, 20))),
          rows_(static_cast<std::size_t>(std::max(rows, 6))),
          main_file_(main_file_of(told)) {
        choose_columns();
    }

    std::string text() {
        const lines above = origins();
        const lines below = at_the_end();
        const std::size_t taken = above.size() + below.size() + 2;
        const lines body = steps(rows_ > taken + 4 ? rows_ - taken : 4);
        std::string all;
        for (const lines* part : {&above, &body, &below})
            for (const std::string& line : *part) {
                const auto end = line.find_last_not_of(' ');
                all += line.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
            }
        return all;
    }

  private:
    /// One column a thread while they fit beside the source, and the main thread's only when it
    /// does something besides starting and joining.
    void choose_columns() {
        std::set<int> used;
        for (const story_event& e : told_.events)
            if (in_the_table(e)) used.insert(e.thread);
        threads_.assign(used.begin(), used.end());
        for (const story_event& e : told_.events) {
            if (!in_the_table(e)) continue;
            longest_ = std::max(longest_, width_of(step_text(e)));
        }
        std::vector<std::size_t> natural(threads_.size(), narrowest);
        for (const story_event& e : told_.events) {
            const auto at = column_of(e.thread);
            if (!in_the_table(e) || at >= threads_.size()) continue;
            natural[at] = std::max(natural[at], width_of(step_text(e)));
        }
        const std::size_t count = std::max<std::size_t>(threads_.size(), 1);
        const std::size_t room = width_ > least_source + 2 ? width_ - least_source - 2 : 0;
        by_thread_ = threads_.empty() || room / count < narrowest + gap;
        if (by_thread_) return;
        // Each gets what it needs; who needs more than its share gets the share.
        widths_ = natural;
        std::size_t total = 0;
        for (std::size_t each : widths_) total += each + gap;
        if (const std::size_t most = width_ * 62 / 100; total > most) {
            const std::size_t share = std::max(most / count, narrowest + gap) - gap;
            std::size_t spare = 0, wanting = 0;
            for (std::size_t each : natural) {
                spare += each < share ? share - each : 0;
                wanting += each > share;
            }
            for (std::size_t& each : widths_)
                if (each > share) each = std::min(each, share + spare / wanting);
        }
    }

    [[nodiscard]] std::size_t column_of(int thread) const {
        return static_cast<std::size_t>(std::lower_bound(threads_.begin(), threads_.end(), thread) -
                                        threads_.begin());
    }

    [[nodiscard]] bool has_column(int thread) const {
        return std::binary_search(threads_.begin(), threads_.end(), thread);
    }

    [[nodiscard]] lines origins() const {
        lines out;
        if (told_.origins.size() > most_origins) return out;
        for (const thread_origin& each : told_.origins)
            out.push_back(clipped(thread_title(each.thread) + ": " + source_of(each), width_));
        if (!out.empty()) out.emplace_back();
        return out;
    }

    [[nodiscard]] lines row_of(const story_event& e, bool with_source) const {
        std::string source = with_source ? source_of(e) : std::string();
        if (e.file == main_file_ && !by_thread_ && with_source)
            source = padded(std::to_string(e.line), 5) + e.text;
        lines out;
        if (by_thread_) {
            const std::string mark = e.culprit ? "> " : "  ";
            lines parts = wrapped(thread_title(e.thread) + " " + step_text(e), width_ - 4);
            const std::size_t column = std::min(longest_ + 14, width_ / 2);
            const bool beside = parts.size() == 1 && width_of(parts[0]) <= column &&
                                width_ >= column + least_source;
            for (std::size_t i = 0; i < parts.size(); ++i)
                out.push_back((i == 0 ? mark : "    ") + parts[i]);
            if (source.empty()) return out;
            if (beside)
                out[0] = clipped(padded(out[0], column + 2) + source, width_);
            else
                out.push_back(clipped("    " + source, width_));
            return out;
        }
        const std::size_t at = column_of(e.thread);
        std::size_t margin = 2, all = 2;
        for (std::size_t i = 0; i < widths_.size(); ++i) {
            if (i < at) margin += widths_[i] + gap;
            all += widths_[i] + gap;
        }
        for (const std::string& part : wrapped(step_text(e), widths_[at]))
            out.push_back(std::string(margin, ' ') + part);
        if (e.culprit) out[0][0] = '>';
        if (!source.empty()) out[0] = clipped(padded(out[0], all) + source, width_);
        return out;
    }

    [[nodiscard]] std::string title() const {
        std::string text = "  ";
        for (std::size_t i = 0; i < threads_.size(); ++i)
            text += padded(thread_title(threads_[i]), widths_[i] + gap);
        return clipped(text + base_name(main_file_), width_);
    }

    [[nodiscard]] lines steps(std::size_t room) const {
        std::vector<lines> blocks;
        const story_event* before = nullptr;
        for (const story_event& e : told_.events) {
            if (!in_the_table(e) || (!by_thread_ && !has_column(e.thread))) continue;
            const bool same = before && before->thread == e.thread && before->line == e.line &&
                              before->file == e.file;
            blocks.push_back(row_of(e, !same));
            before = &e;
        }
        std::size_t from = blocks.size();
        while (from > 0 && (blocks[from - 1].size() <= room || from == blocks.size()))
            room -= std::min(room, blocks[--from].size());
        lines out;
        if (!by_thread_) out.push_back(title());
        const std::size_t left_out = from + static_cast<std::size_t>(told_.left_out);
        if (left_out > 0)
            out.push_back("  (" + std::to_string(left_out) + " earlier " +
                          (left_out == 1 ? "step" : "steps") + " left out)");
        for (std::size_t i = from; i < blocks.size(); ++i)
            out.insert(out.end(), blocks[i].begin(), blocks[i].end());
        return out;
    }

    [[nodiscard]] lines at_the_end() const {
        lines out;
        if (told_.at_end.empty()) return out;
        out.emplace_back();
        out.emplace_back("At the end:");
        const std::size_t most = std::max<std::size_t>(rows_ / 3, 3);
        for (const thread_state& each : told_.at_end) {
            if (out.size() >= most) {
                out.emplace_back("  and more threads like these");
                break;
            }
            std::string text = thread_title(each.thread) + " " + each.state;
            if (!each.file.empty())
                text += ", at " + base_name(each.file) + ":" + std::to_string(each.line);
            const lines parts = wrapped(text, width_ - 6);
            for (std::size_t i = 0; i < parts.size(); ++i)
                out.push_back((i == 0 ? "  " : "      ") + parts[i]);
        }
        return out;
    }

    const story& told_;
    const std::size_t width_, rows_;
    const std::string main_file_;
    std::vector<int> threads_;         ///< that have a column, in order
    std::vector<std::size_t> widths_;  ///< of the columns
    std::size_t longest_ = 0;          ///< of the steps
    bool by_thread_ = false;           ///< no columns: each step names its thread
};

}  // namespace

std::string thread_title(int thread) {
    return thread == 0 ? "main" : "thread " + std::to_string(thread);
}

std::string sentence(const story_event& e) {
    std::string text = e.operation;
    const auto and_then = [&](const std::string& more) { text += ' ' + more; };
    if (!e.before.empty()) {
        if (!e.object.empty()) and_then(e.object);
        and_then("from " + e.before + " to " + e.value);
    } else if (!e.value.empty()) {
        and_then(e.value);
        const bool written = e.operation == "writes" || e.operation == "stores";
        const char* preposition = written ? "to " : e.operation == "finds" ? "in " : "from ";
        if (!e.object.empty()) and_then(preposition + e.object);
    } else if (!e.object.empty()) {
        and_then(e.object);
    }
    if (!e.order.empty()) and_then("(" + e.order + ")");
    return text;
}

std::string table(const story& told, int columns, int rows) {
    return writer(told, columns, rows).text();
}

}  // namespace interleave
