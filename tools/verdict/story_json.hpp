#pragma once
#include <interleave/story.hpp>
#include <nlohmann/json_fwd.hpp>

namespace interleave {

/// A story as JSON; what is empty is left out:
///
///   story:  {threads, left_out, origins[], steps[], at_end[]}
///   origin: {thread, file, line, text}: the line that a thread comes from
///   step:   {thread, operation, object, value, before, order, detail, takes, gives_up, waits_for,
///            file, line, text, culprit}
///   at_end: {thread, state, file, line, text}
nlohmann::json to_json(const story&);

/// Throws nlohmann::json::exception where the JSON is no story.
story story_from_json(const nlohmann::json&);

/// Takes over one part of a story, an event as a check writes them: "story_thread", "story_step" or
/// "story_end" with the members above. False when it is none of them.
bool add_story_part(const nlohmann::json& event, story&);

}  // namespace interleave
