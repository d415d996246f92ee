#include "expression.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace interleave::sanitizer {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// The line with the insides of strings and comments blanked, so that positions stay the same.
std::string code_only(std::string_view line) {
    std::string code(line);
    char quote = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (quote != 0) {
            const bool ends = code[i] == quote;
            if (code[i] == '\\' && i + 1 < code.size()) code[i + 1] = ' ';
            if (ends) quote = 0;
            code[i] = ' ';
        } else if (code[i] == '"' || (code[i] == '\'' && (i == 0 || !is_word(code[i - 1])))) {
            quote = code[i];
            code[i] = ' ';
        } else if (code.compare(i, 2, "//") == 0) {
            std::fill(code.begin() + static_cast<std::ptrdiff_t>(i), code.end(), ' ');
        }
    }
    return code;
}

/// Where the operand that ends before `end` begins: "task->done", "points_[i]", "(*p).x".
std::size_t operand_begin(std::string_view code, std::size_t end) {
    std::size_t begin = end;
    while (begin > 0) {
        const char last = code[begin - 1];
        if (last == ']' || last == ')') {
            const char open = last == ']' ? '[' : '(';
            int depth = 0;
            std::size_t i = begin;
            while (i > 0) {
                --i;
                if (code[i] == last) ++depth;
                if (code[i] == open && --depth == 0) break;
            }
            if (depth != 0) return begin;
            begin = i;
        } else if (is_word(last)) {
            while (begin > 0 && is_word(code[begin - 1])) --begin;
            const std::string_view before = code.substr(0, begin);
            const bool joined =
                before.ends_with('.') || before.ends_with("->") || before.ends_with("::");
            if (!joined) return begin;
            begin -= before.ends_with('.') ? 1 : 2;
        } else {
            return begin;
        }
    }
    return begin;
}

/// Where the operand that begins at `begin` ends.
std::size_t operand_end(std::string_view code, std::size_t begin) {
    std::size_t i = begin;
    while (i < code.size()) {
        const std::string_view rest = code.substr(i);
        if (is_word(rest[0]) || (rest[0] == '*' && i == begin)) {
            ++i;
        } else if (rest[0] == '.' || rest.starts_with("->") || rest.starts_with("::")) {
            i += rest[0] == '.' ? 1 : 2;
        } else if (rest[0] == '[' || (rest[0] == '(' && i == begin)) {
            const std::size_t close = rest.find(rest[0] == '[' ? ']' : ')');
            if (close == npos) return i;
            i += close + 1;
        } else {
            return i;
        }
    }
    return i;
}

std::string operand_before(std::string_view code, std::size_t end) {
    while (end > 0 && code[end - 1] == ' ') --end;
    std::size_t begin = operand_begin(code, end);
    // "*p = 1" writes what p points to; "a * p" would not be assigned to.
    if (begin > 0 && code[begin - 1] == '*' && trimmed(code.substr(0, begin - 1)).empty()) --begin;
    return std::string(code.substr(begin, end - begin));
}

std::string operand_after(std::string_view code, std::size_t begin) {
    while (begin < code.size() && code[begin] == ' ') ++begin;
    return std::string(code.substr(begin, operand_end(code, begin) - begin));
}

bool is_assignment(std::string_view rest) {
    constexpr std::array operators{"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
    if (rest.starts_with('=')) return !rest.starts_with("==");
    return std::any_of(operators.begin(), operators.end(),
                       [&](std::string_view each) { return rest.starts_with(each); });
}

bool is_increment(std::string_view rest) {
    return rest.starts_with("++") || rest.starts_with("--");
}

bool is_keyword(std::string_view name) {
    constexpr std::array words{
        "alignas",   "and",      "auto",      "bool",      "break",    "case",     "catch",
        "char",      "class",    "const",     "constexpr", "continue", "co_await", "co_return",
        "co_yield",  "decltype", "default",   "delete",    "do",       "double",   "else",
        "enum",      "explicit", "extern",    "false",     "final",    "float",    "for",
        "friend",    "goto",     "if",        "inline",    "int",      "long",     "mutable",
        "namespace", "new",      "noexcept",  "not",       "nullptr",  "operator", "or",
        "override",  "private",  "protected", "public",    "return",   "short",    "signed",
        "sizeof",    "static",   "struct",    "switch",    "template", "this",     "throw",
        "true",      "try",      "typename",  "union",     "unsigned", "using",    "virtual",
        "void",      "volatile", "while",     "std",       "size_t",   "string",   "vector"};
    return std::find(words.begin(), words.end(), name) != words.end();
}

struct sighting {
    bool function = false;  ///< called, or declared as a function
    bool declared = false;  ///< "int i = 0"
    bool changed = false;   ///< assigned, or incremented
};

std::map<std::string_view, sighting> names_in(std::string_view code) {
    std::map<std::string_view, sighting> names;
    for (std::size_t i = 0; i < code.size();) {
        if (!is_word(code[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < code.size() && is_word(code[i])) ++i;
        const std::string_view name = code.substr(begin, i - begin);
        const std::string_view before = trimmed(code.substr(0, begin));
        const std::string_view after = trimmed(code.substr(i));
        if (is_digit(name[0]) || is_keyword(name) || before.ends_with("std::")) continue;
        sighting& seen = names[name];
        if (after.starts_with('(') || after.starts_with("::")) seen.function = true;
        // A name, or a type's end, directly before means a declaration: "long total", "T& value".
        if (!before.empty() && begin > 0 && code[begin - 1] != '.' && code[begin - 1] != '>' &&
            (is_word(before.back()) || before.back() == '>' || before.back() == '&' ||
             (before.back() == '*' && before.size() > 1 && is_word(before[before.size() - 2])))) {
            const std::size_t word = before.find_last_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
            const std::string_view previous = before.substr(word == npos ? 0 : word + 1);
            const bool expression = previous == "return" || previous == "co_return" ||
                                    previous == "co_yield" || previous == "delete" ||
                                    previous == "throw" || previous == "else" ||
                                    before.ends_with("&&");
            if (!expression) seen.declared = true;
        }
        std::size_t end = operand_end(code, begin);
        while (end < code.size() && code[end] == ' ') ++end;
        const std::string_view rest = code.substr(end);
        // Only the last name of "a.b = 1" is changed.
        const bool last =
            end == code.size() || operand_end(code, begin) == i || code.substr(i).starts_with('[');
        const std::size_t whole = operand_begin(code, begin + name.size());
        const std::string_view prefix = trimmed(code.substr(0, whole));
        if (last &&
            (is_assignment(rest) || is_increment(rest) ||
             is_increment(prefix.substr(prefix.size() < 2 ? prefix.size() : prefix.size() - 2)))) {
            seen.changed = true;
        }
    }
    return names;
}

}  // namespace

std::string expression_at(std::string_view line, std::size_t column) {
    if (column == 0 || column > line.size()) return {};
    const std::string code = code_only(line);
    const std::size_t at = column - 1;
    const std::string_view rest = std::string_view(code).substr(at);
    if (is_assignment(rest)) return operand_before(code, at);
    if (is_increment(rest)) {
        const std::string before = operand_before(code, at);
        return before.empty() ? operand_after(code, at + 2) : before;
    }
    if (rest.starts_with('*')) return operand_after(code, at);
    if (rest.starts_with('[')) return operand_before(code, at);
    if (!is_word(rest[0]) || is_digit(rest[0])) return {};
    std::size_t end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    const std::size_t begin = operand_begin(code, end);
    const std::string name = code.substr(begin, end - begin);
    if (code.compare(end, 1, "(") == 0) {
        // A call: the object it is called on.
        const std::string_view object = std::string_view(code).substr(begin, at - begin);
        if (object.ends_with('.')) return std::string(object.substr(0, object.size() - 1));
        if (object.ends_with("->")) return std::string(object.substr(0, object.size() - 2));
        return {};
    }
    if (is_keyword(last_name(name))) return {};
    // Further members: "settings.limit" read where the column is at "settings".
    return std::string(std::string_view(code).substr(begin, operand_end(code, begin) - begin));
}

std::string shared_name(std::string_view writing, std::string_view other) {
    const std::string first_code = code_only(writing);
    const std::string second_code = code_only(other);
    const auto first = names_in(first_code);
    const auto second = names_in(second_code);
    std::vector<std::string_view> changed;
    std::vector<std::string_view> shared;
    for (const auto& [name, seen] : first) {
        const auto twin = second.find(name);
        if (twin == second.end() || seen.function || seen.declared || twin->second.function ||
            twin->second.declared) {
            continue;
        }
        shared.push_back(name);
        if (seen.changed) changed.push_back(name);
    }
    const auto& candidates = changed.empty() ? shared : changed;
    return candidates.size() == 1 ? std::string(candidates.front()) : std::string();
}

std::string mutex_in(std::string_view line) {
    const std::string code = code_only(line);
    for (const std::string_view call :
         {".lock(", "->lock(", ".lock_shared(", "->lock_shared(", ".try_lock(", "->try_lock("}) {
        const std::size_t at = code.find(call);
        if (at != std::string::npos) return operand_before(code, at);
    }
    for (const std::string_view guard : {"lock_guard", "scoped_lock", "unique_lock", "shared_lock",
                                         "pthread_mutex_", "pthread_rwlock_"}) {
        const std::size_t at = code.find(guard);
        if (at == std::string::npos) continue;
        const std::size_t open = code.find_first_of("({", at);
        const std::size_t close = code.find_first_of(")}", open);
        if (open == std::string::npos || close == std::string::npos) return {};
        std::string_view inside =
            trimmed(std::string_view(code).substr(open + 1, close - open - 1));
        if (inside.starts_with('&')) inside.remove_prefix(1);
        const bool tagged = inside.find("adopt_lock") != npos ||
                            inside.find("defer_lock") != npos ||
                            inside.find("try_to_lock") != npos || guard.starts_with("pthread_");
        const std::size_t comma = inside.find(',');
        if (comma != npos && !tagged) return {};
        return std::string(trimmed(inside.substr(0, comma)));
    }
    return {};
}

std::string_view last_name(std::string_view expression) {
    while (expression.ends_with(']') && expression.find('[') != npos) {
        expression = expression.substr(0, expression.rfind('['));
    }
    std::size_t begin = expression.size();
    while (begin > 0 && is_word(expression[begin - 1])) --begin;
    return expression.substr(begin);
}

}  // namespace interleave::sanitizer
