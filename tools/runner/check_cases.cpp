#include "runner/check_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "course/lesson.hpp"
#include "course/source_text.hpp"

namespace interleave {
namespace {

constexpr std::string_view spaces = " \t\r\n";

/// Catch2's other ways to declare cases: one of them, unread, would let its cases go unmissed.
constexpr auto other_macros = std::to_array<std::string_view>(
    {"TEST_CASE_METHOD", "TEST_CASE_PERSISTENT_FIXTURE", "METHOD_AS_TEST_CASE",
     "REGISTER_TEST_CASE", "SCENARIO", "SCENARIO_METHOD", "TEMPLATE_TEST_CASE",
     "TEMPLATE_TEST_CASE_SIG", "TEMPLATE_TEST_CASE_METHOD", "TEMPLATE_PRODUCT_TEST_CASE",
     "TEMPLATE_LIST_TEST_CASE"});

/// Reads the arguments of one TEST_CASE.
class argument_reader {
  public:
    argument_reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

    bool take(char wanted) {
        at_ = std::min(text_.find_first_not_of(spaces, at_), text_.size());
        if (at_ == text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }

    /// One literal, or several side by side; false where there is none.
    bool take_text(std::string& value) {
        bool any = false;
        while (true) {
            at_ = std::min(text_.find_first_not_of(spaces, at_), text_.size());
            if (text_.substr(at_, 2) == "R\"") {
                take_raw(value);
            } else if (at_ < text_.size() && text_[at_] == '"') {
                take_quoted(value);
            } else {
                return any;
            }
            any = true;
        }
    }

  private:
    void take_raw(std::string& value) {
        const std::size_t open = text_.find('(', at_);
        if (open == std::string_view::npos) return give_up();
        const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        const std::size_t end = text_.find(close, open);
        if (end == std::string_view::npos) return give_up();
        value += text_.substr(open + 1, end - open - 1);
        at_ = end + close.size();
    }

    void take_quoted(std::string& value) {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
                value += text_[at_] == 'n' ? '\n' : text_[at_] == 't' ? '\t' : text_[at_];
            } else {
                value += text_[at_];
            }
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    void give_up() { at_ = text_.size(); }

    std::string_view text_;
    std::size_t at_;
};

std::vector<std::string> split_tags(std::string_view text) {
    std::vector<std::string> tags;
    while (true) {
        const std::size_t open = text.find('[');
        const std::size_t close = text.find(']', open);
        if (open == std::string_view::npos || close == std::string_view::npos) return tags;
        tags.emplace_back(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

int line_of(std::string_view text, std::size_t at) {
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

bool has_tag(const declared_case& one, std::string_view tag) {
    return std::find(one.tags.begin(), one.tags.end(), tag) != one.tags.end();
}

bool is_hidden(const declared_case& one) {
    return std::any_of(one.tags.begin(), one.tags.end(),
                       [](const std::string& tag) { return tag.starts_with('.'); });
}

}  // namespace

std::vector<declared_case> declared_cases(std::string_view source, const std::string& name) {
    // The two texts differ in what is inside literals only: what stands at a place in one stands at
    // the same place in the other.
    const std::string code = code_only(source);
    const std::string text = without_comments(source);
    for (const auto macro : other_macros) {
        const std::size_t at = find_word(code, macro);
        if (at == std::string_view::npos) continue;
        throw course_error(
            fmt::format("{}:{}: a check declares its cases with TEST_CASE, so that "
                        "they are known before they run, and not with {}.",
                        name, line_of(code, at), macro));
    }
    std::vector<declared_case> cases;
    constexpr std::string_view macro = "TEST_CASE";
    for (std::size_t at = find_word(code, macro); at != std::string_view::npos;
         at = find_word(code, macro, at + 1)) {
        declared_case found{.sentence = {}, .tags = {}, .line = line_of(code, at)};
        argument_reader arguments(text, at + macro.size());
        std::string tags;
        bool whole = arguments.take('(') && arguments.take_text(found.sentence);
        if (whole && arguments.take(',')) whole = arguments.take_text(tags);
        if (!whole || !arguments.take(')')) {
            throw course_error(fmt::format(
                "{}:{}: the name and the tags of a case have to be texts.", name, found.line));
        }
        found.tags = split_tags(tags);
        cases.push_back(std::move(found));
    }
    return cases;
}

std::vector<declared_case> read_declared_cases(const std::filesystem::path& check) {
    std::ifstream in(check, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw course_error(fmt::format("{} cannot be read.", check.string()));
    return declared_cases(text.str(), check.string());
}

std::string selection_of(stage which) {
    switch (which) {
        case stage::speedup:
            return "[speedup]";
        case stage::interleavings:
            return "[interleavings]";
        default:
            return "~[interleavings]~[speedup]";
    }
}

std::vector<std::string> sentences_of(const std::vector<declared_case>& cases, stage which) {
    std::vector<std::string> sentences;
    for (const auto& each : cases) {
        const bool selected =
            which == stage::speedup ? has_tag(each, "speedup")
            : which == stage::interleavings
                ? has_tag(each, "interleavings")
                : !has_tag(each, "speedup") && !has_tag(each, "interleavings") && !is_hidden(each);
        if (selected) sentences.push_back(each.sentence);
    }
    return sentences;
}

}  // namespace interleave
