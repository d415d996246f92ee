#include <algorithm>
#include <array>

#include "places.hpp"

namespace interleave::sanitizer {
namespace {

void remove_all(std::string& text, std::string_view part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
        text.erase(at, part.size());
    }
}

std::size_t find_outside_brackets(std::string_view text, std::string_view part) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (depth == 0 && text.substr(i).starts_with(part)) return i;
        if (text[i] == '<' || text[i] == '(') ++depth;
        if ((text[i] == '>' || text[i] == ')') && depth > 0) --depth;
    }
    return std::string_view::npos;
}

/// Leaves out what stands in < > and in ( ), but keeps "()" and the operators' own signs.
std::string without_arguments(std::string_view text) {
    constexpr std::string_view keyword = "operator";
    std::string result;
    int angles = 0;
    int rounds = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (angles == 0 && rounds == 0 && text.substr(i).starts_with(keyword)) {
            std::size_t end = i + keyword.size();
            if (text.substr(end).starts_with("()")) end += 2;
            while (end < text.size() &&
                   std::string_view("<>=-+*/!&|[]").find(text[end]) != std::string_view::npos) {
                ++end;
            }
            result += text.substr(i, end - i);
            i = end - 1;
            continue;
        }
        if (text[i] == '<') ++angles;
        if (text[i] == '(' && angles == 0 && rounds++ == 0) result += "()";
        if (angles == 0 && rounds == 0) result += text[i];
        if (text[i] == '>' && angles > 0) --angles;
        if (text[i] == ')' && angles == 0 && rounds > 0) --rounds;
    }
    return result;
}

}  // namespace

std::string short_function(std::string_view function) {
    std::string name(function);
    remove_all(name, "(anonymous namespace)::");
    remove_all(name, "[abi:cxx11]");
    remove_all(name, "__cxx11::");
    // Everything of a call wrapper after the lambda itself is of no interest.
    constexpr std::array lambda_marks{std::string_view{"::$_"}, std::string_view{"::'lambda"},
                                      std::string_view{"::{lambda"}, std::string_view{"::<lambda"},
                                      std::string_view{"::(anonymous class)"}};
    std::size_t lambda = std::string::npos;
    for (const std::string_view mark : lambda_marks) {
        lambda = std::min(lambda, find_outside_brackets(name, mark));
    }
    if (lambda != std::string::npos) {
        const std::string owner = short_function(name.substr(0, lambda));
        return owner.empty() ? "a lambda" : "a lambda in " + owner;
    }
    name = without_arguments(name);
    for (const std::string_view tail : {" const", " &", " &&", " noexcept"}) {
        if (name.ends_with(tail)) name.erase(name.size() - tail.size());
    }
    if (name == "operator()" || name == "operator()()") return "a lambda";
    // A template's name begins with its return type. Operators new and delete contain a space.
    if (name.find("operator ") == std::string::npos) {
        const std::size_t space = name.rfind(' ');
        if (space != std::string::npos) name.erase(0, space + 1);
    }
    return name.empty() || name.ends_with(')') ? name : name + "()";
}

}  // namespace interleave::sanitizer
