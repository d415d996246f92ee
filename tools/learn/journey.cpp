#include "learn/journey.hpp"

#include <algorithm>

namespace interleave {

const lesson& current_lesson(const course& all, const progress& so_far) {
    const auto& lessons = all.lessons();
    if (lessons.empty()) throw course_error("The course has no lessons.");
    const std::string id = so_far.current();
    for (const auto& each : lessons) {
        if (each.id == id) return each;
    }
    for (const auto& each : lessons) {
        if (so_far.of(each.id).state != lesson_state::done) return each;
    }
    return lessons.back();
}

const lesson* next_lesson(const course& all, const progress& so_far, const lesson& from) {
    const auto open = [&](const lesson& each) {
        return each.id != from.id && so_far.of(each.id).state != lesson_state::done;
    };
    const auto& lessons = all.lessons();
    const auto here = std::find_if(lessons.begin(), lessons.end(),
                                   [&](const auto& each) { return each.id == from.id; });
    auto found = std::find_if(here, lessons.end(), open);
    if (found == lessons.end()) found = std::find_if(lessons.begin(), here, open);
    return found == lessons.end() || !open(*found) ? nullptr : &*found;
}

void note_verdict(progress& so_far, const lesson& what, const verdict& record) {
    switch (record.result()) {
        case outcome::passed:
            so_far.mark_done(what.id);
            break;
        case outcome::failed:
            so_far.mark_tried(what.id);
            break;
        default:
            break;
    }
}

}  // namespace interleave
