#pragma once
#include <nlohmann/json_fwd.hpp>

#include "verdict/verdict.hpp"

namespace interleave {

/// A verdict as JSON. Field names are stable; a reader ignores those it does not know.
///
///     schema    1
///     lesson    "01-lost-update"
///     answer    path of the answer
///     result    "passed", "failed", "skipped", "inconclusive", "infrastructure", "tampered"
///     kind      "race", "wrong-result", ...; "none" unless failed
///     decisive  the stage that `kind` comes from, or null
///     points, max_points, seconds
///     stages[]  stage, result, kind, summary, where (place or null), evidence, failures[],
///               measurements[], schedule, points, max_points, seconds
///     place           file, line, column, text
///     failures[]      sentence, expression, expanded, message, where (place)
///     measurements[]  name, value (null if not a number), unit
///
/// Texts may come from a hostile answer: what is not UTF-8 becomes U+FFFD, and control characters
/// other than tab and newline are left out, so that every text can be stored and shown.
nlohmann::json to_json(const verdict&);

/// The verdict that to_json() wrote. Throws std::invalid_argument with a sentence when a field is
/// missing or of the wrong type, or a name is unknown.
verdict verdict_from_json(const nlohmann::json&);

/// Valid UTF-8 without control characters other than tab and newline; see to_json().
std::string printable(std::string_view);

}  // namespace interleave
