#include "verify/answer_tasks.hpp"

namespace interleave {

std::vector<answer_task> answer_tasks(const course& from, const std::vector<std::string>& lessons,
                                      const std::function<bool(const lesson&)>& wanted) {
    std::vector<const lesson*> chosen;
    chosen.reserve(lessons.size());
    for (const auto& name : lessons) chosen.push_back(&from.find(name));
    if (chosen.empty()) {
        for (const auto& each : from.lessons()) chosen.push_back(&each);
    }
    std::vector<answer_task> tasks;
    for (const lesson* each : chosen) {
        if (!wanted(*each)) continue;
        for (auto& whose : answers(*each)) tasks.push_back({each, std::move(whose)});
    }
    return tasks;
}

}  // namespace interleave
