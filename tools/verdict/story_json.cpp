#include "verdict/story_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "verdict/json.hpp"

namespace interleave {
namespace {

using nlohmann::json;

constexpr std::size_t most_parts = 1000;  // of each kind; an explorer tells far fewer

void put(json& to, const char* name, const std::string& text) {
    if (!text.empty()) to[name] = printable(text);
}

template <class Placed>
json placed(const Placed& at) {
    json to = {{"thread", at.thread}, {"line", at.line}};
    put(to, "file", at.file);
    put(to, "text", at.text);
    return to;
}

template <class Placed>
Placed placed_from(const json& from) {
    Placed at;
    at.thread = from.value("thread", 0);
    at.line = from.value("line", 0);
    at.file = from.value("file", "");
    at.text = from.value("text", "");
    return at;
}

json to_json(const story_event& step) {
    json to = placed(step);
    put(to, "operation", step.operation);
    put(to, "object", step.object);
    put(to, "value", step.value);
    put(to, "before", step.before);
    put(to, "order", step.order);
    put(to, "detail", step.detail);
    put(to, "takes", step.takes);
    put(to, "gives_up", step.gives_up);
    put(to, "waits_for", step.waits_for);
    if (step.culprit) to["culprit"] = true;
    return to;
}

story_event step_from(const json& from) {
    auto step = placed_from<story_event>(from);
    step.operation = from.value("operation", "");
    step.object = from.value("object", "");
    step.value = from.value("value", "");
    step.before = from.value("before", "");
    step.order = from.value("order", "");
    step.detail = from.value("detail", "");
    step.takes = from.value("takes", "");
    step.gives_up = from.value("gives_up", "");
    step.waits_for = from.value("waits_for", "");
    step.culprit = from.value("culprit", false);
    return step;
}

json to_json(const thread_state& end) {
    json to = placed(end);
    put(to, "state", end.state);
    return to;
}

thread_state end_from(const json& from) {
    auto end = placed_from<thread_state>(from);
    end.state = from.value("state", "");
    return end;
}

/// A story has as many threads as it names.
void count_thread(story& told, int thread) {
    told.threads = std::max(told.threads, thread + 1);
}

template <class Part>
bool add(std::vector<Part>& parts, Part part, story& told) {
    count_thread(told, part.thread);
    if (parts.size() < most_parts) parts.push_back(std::move(part));
    return true;
}

}  // namespace

json to_json(const story& told) {
    json origins = json::array();
    for (const thread_origin& each : told.origins) origins.push_back(placed(each));
    json steps = json::array();
    for (const story_event& each : told.events) steps.push_back(to_json(each));
    json at_end = json::array();
    for (const thread_state& each : told.at_end) at_end.push_back(to_json(each));
    return {{"threads", told.threads},
            {"left_out", told.left_out},
            {"origins", std::move(origins)},
            {"steps", std::move(steps)},
            {"at_end", std::move(at_end)}};
}

story story_from_json(const json& from) {
    story told;
    told.threads = from.at("threads").get<int>();
    told.left_out = from.at("left_out").get<int>();
    for (const json& each : from.at("origins")) {
        told.origins.push_back(placed_from<thread_origin>(each));
    }
    for (const json& each : from.at("steps")) told.events.push_back(step_from(each));
    for (const json& each : from.at("at_end")) told.at_end.push_back(end_from(each));
    return told;
}

bool add_story_part(const json& event, story& told) {
    const std::string what = event.value("event", "");
    if (what == "story_thread") {
        return add(told.origins, placed_from<thread_origin>(event), told);
    }
    if (what == "story_step") return add(told.events, step_from(event), told);
    if (what == "story_end") return add(told.at_end, end_from(event), told);
    return false;
}

}  // namespace interleave
