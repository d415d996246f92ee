#include "learn/story_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>
#include <utility>

#include "terminal/fit.hpp"

namespace interleave {
namespace {

constexpr std::size_t most_threads = 8;

std::string place_of(const story_event& step) {
    return fmt::format("{}:{}", std::filesystem::path(step.file).filename().string(), step.line);
}

/// What is known about a thread after some steps.
struct thread_now {
    std::vector<std::string> holds;
    std::string waits_for;
    std::string at;
};

void follow(thread_now& now, const story_event& step) {
    std::erase(now.holds, step.gives_up);
    if (!step.takes.empty()) now.holds.push_back(step.takes);
    now.waits_for = step.waits_for;
    now.at = place_of(step);
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
    return all;
}

}  // namespace

story_view::story_view(const story& told, std::string message) : message_(std::move(message)) {
    for (const story_event& each : told.events) {
        if (each.operation != "starts" && each.operation != "joins") steps_.push_back(each);
    }
}

void story_view::forward() {
    if (at_ + 1 < steps_.size()) ++at_;
}

void story_view::backward() {
    if (at_ > 0) --at_;
}

void story_view::to_the_end() {
    at_ = steps_.empty() ? 0 : steps_.size() - 1;
}

std::string story_view::title_of(const story_event& step) const {
    return fmt::format("{} {}{}", thread_title(step.thread), sentence(step),
                       step.detail.empty() ? "" : ", " + step.detail);
}

std::vector<std::string> story_view::threads_by_now() const {
    std::map<int, thread_now> threads;
    for (const story_event& each : steps_) threads[each.thread];
    for (std::size_t i = 0; i <= at_; ++i) follow(threads[steps_[i].thread], steps_[i]);
    std::vector<std::string> lines;
    for (const auto& [number, now] : threads) {
        if (lines.size() == most_threads) break;
        std::string line = fmt::format("{}: ", thread_title(number));
        if (now.at.empty() && number == 0) continue;  // it has only started the others
        if (now.at.empty()) {
            line += "has not begun";
        } else if (!now.waits_for.empty()) {
            line += fmt::format("waits for {} at {}", now.waits_for, now.at);
        } else {
            line += "at " + now.at;
        }
        if (!now.holds.empty()) line += ", holds " + joined(now.holds);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string story_view::values_by_now() const {
    std::vector<std::pair<std::string, std::string>> values;  // in the order of appearance
    for (std::size_t i = 0; i <= at_; ++i) {
        const story_event& step = steps_[i];
        if (step.object.empty() || step.value.empty()) continue;
        const auto known = std::find_if(values.begin(), values.end(), [&](const auto& each) {
            return each.first == step.object;
        });
        if (known == values.end()) {
            values.emplace_back(step.object, step.value);
        } else {
            known->second = step.value;
        }
    }
    std::vector<std::string> parts;
    parts.reserve(values.size());
    for (const auto& [name, value] : values) parts.push_back(fmt::format("{} = {}", name, value));
    return joined(parts);
}

std::vector<std::string> story_view::page(const style& look, int rows) const {
    std::vector<std::string> lines;
    const auto add = [&](const std::string& text, const std::string& indent) {
        std::istringstream parts(wrap(text, look.columns(), indent));
        for (std::string part; std::getline(parts, part);) lines.push_back(part);
    };
    if (steps_.empty()) return lines;
    const story_event& step = steps_[at_];
    add(look.strong(fmt::format("Step {} of {}: {}", at_ + 1, steps_.size(), title_of(step))),
        "  ");
    add(fmt::format("  {}  {}", place_of(step), step.text), "    ");
    if (at_ + 1 == steps_.size()) add(look.bad(message_), "");
    lines.emplace_back();
    for (const std::string& each : threads_by_now()) add("  " + each, "      ");
    if (const std::string values = values_by_now(); !values.empty()) add("  " + values, "      ");

    // What is left of the window shows the steps around this one.
    const auto most = static_cast<std::size_t>(std::max(rows, 1));
    if (lines.size() + 4 < most) {
        lines.emplace_back();
        const std::size_t room = most - lines.size();
        const std::size_t first =
            steps_.size() <= room ? 0
                                  : std::min(at_ - std::min(at_, room / 2), steps_.size() - room);
        for (std::size_t i = first; i < std::min(first + room, steps_.size()); ++i) {
            const std::string text = fmt::format("{} {:>3}  {:<44}  {}", i == at_ ? ">" : " ",
                                                 i + 1, title_of(steps_[i]), place_of(steps_[i]));
            const std::string fitted = fit(text, look.columns());
            lines.push_back(i == at_ ? look.strong(fitted) : i > at_ ? look.faint(fitted) : fitted);
        }
    }
    if (lines.size() > most) lines.resize(most);
    for (std::string& line : lines) line = fit(line, look.columns());
    return lines;
}

}  // namespace interleave
