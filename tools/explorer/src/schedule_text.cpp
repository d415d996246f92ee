#include "schedule_text.hpp"

#include <charconv>
#include <stdexcept>

namespace interleave::detail {

std::string write_schedule(const std::vector<decision>& entries) {
    if (entries.empty()) return "default";
    std::string text;
    for (const decision& d : entries) {
        if (!text.empty()) text += ',';
        text += std::to_string(d.thread) + '.' + std::to_string(d.operation) +
                (d.is_value ? '=' : '>') + std::to_string(d.pick);
    }
    return text;
}

std::vector<decision> read_schedule(const std::string& text) {
    std::vector<decision> entries;
    if (text == "default") return entries;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto refuse = [&] {
        throw std::invalid_argument(
            "explore(): the schedule is not one that the explorer wrote; "
            "it goes wrong at '" +
            std::string(at, end).substr(0, 20) +
            "'. Expected entries such as 1.37>2 with commas between.");
    };
    const auto number = [&](auto& value) {
        const auto [rest, error] = std::from_chars(at, end, value);
        if (error != std::errc{}) refuse();
        at = rest;
    };
    for (;;) {
        decision d;
        number(d.thread);
        if (at == end || *at != '.' || d.thread >= max_threads) refuse();
        ++at;
        number(d.operation);
        if (at == end || (*at != '>' && *at != '=')) refuse();
        d.is_value = *at++ == '=';
        number(d.pick);
        entries.push_back(d);
        if (at == end) return entries;
        if (*at != ',') refuse();
        ++at;
    }
}

}  // namespace interleave::detail
