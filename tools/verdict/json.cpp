#include "verdict/json.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "verdict/story_json.hpp"

namespace interleave {
namespace {

using nlohmann::json;

/// The length of the well-formed UTF-8 sequence at the start of `text` and its code point; length
/// 0 if there is none. Overlong forms, surrogates and values beyond U+10FFFF are malformed.
std::pair<std::size_t, char32_t> decode(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {1, first};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return {0, 0};
    char32_t point = first & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {0, 0};
        point = point << 6 | (byte(i) & 0x3fu);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (overlong || surrogate || point > 0x10ffff) return {0, 0};
    return {length, point};
}

bool is_control(char32_t point) {
    if (point == '\t' || point == '\n') return false;
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

json to_json(const place& at) {
    return {{"file", printable(at.file.string())},
            {"line", at.line},
            {"column", at.column},
            {"text", printable(at.text)}};
}

json to_json(const case_failure& failure) {
    return {{"sentence", printable(failure.sentence)},
            {"expression", printable(failure.expression)},
            {"expanded", printable(failure.expanded)},
            {"message", printable(failure.message)},
            {"where", to_json(failure.where)}};
}

json to_json(const measurement& measured) {
    return {{"name", printable(measured.name)},
            {"value", std::isfinite(measured.value) ? json(measured.value) : json()},
            {"unit", printable(measured.unit)}};
}

json to_json(const stage_result& result) {
    json failures = json::array();
    for (const case_failure& failure : result.failures) failures.push_back(to_json(failure));
    json measurements = json::array();
    for (const measurement& each : result.measurements) measurements.push_back(to_json(each));
    return {{"stage", name(result.which)},
            {"result", name(result.result)},
            {"kind", name(result.why)},
            {"summary", printable(result.summary)},
            {"where", result.where ? to_json(*result.where) : json()},
            {"evidence", printable(result.evidence)},
            {"failures", std::move(failures)},
            {"measurements", std::move(measurements)},
            {"schedule", printable(result.schedule)},
            {"story", result.told ? to_json(*result.told) : json()},
            {"sampled", result.sampled},
            {"points", result.points},
            {"max_points", result.max_points},
            {"seconds", result.seconds}};
}

template <class Parse>
auto named(const json& from, const char* field, Parse parse) {
    const auto text = from.at(field).get<std::string>();
    const auto value = parse(text);
    if (!value) {
        throw std::invalid_argument("A verdict's \"" + std::string(field) + "\" cannot be \"" +
                                    text + "\".");
    }
    return *value;
}

place place_from(const json& from) {
    return {from.at("file").get<std::string>(), from.at("line").get<int>(),
            from.at("column").get<int>(), from.at("text").get<std::string>()};
}

case_failure failure_from(const json& from) {
    return {from.at("sentence").get<std::string>(), from.at("expression").get<std::string>(),
            from.at("expanded").get<std::string>(), from.at("message").get<std::string>(),
            place_from(from.at("where"))};
}

measurement measurement_from(const json& from) {
    const json& value = from.at("value");
    return {from.at("name").get<std::string>(),
            value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>(),
            from.at("unit").get<std::string>()};
}

stage_result stage_from(const json& from) {
    stage_result result;
    result.which = named(from, "stage", parse_stage);
    result.result = named(from, "result", parse_outcome);
    result.why = named(from, "kind", parse_kind);
    from.at("summary").get_to(result.summary);
    if (const json& where = from.at("where"); !where.is_null()) result.where = place_from(where);
    from.at("evidence").get_to(result.evidence);
    for (const json& each : from.at("failures")) result.failures.push_back(failure_from(each));
    for (const json& each : from.at("measurements")) {
        result.measurements.push_back(measurement_from(each));
    }
    from.at("schedule").get_to(result.schedule);
    if (const auto told = from.find("story"); told != from.end() && !told->is_null()) {
        result.told = story_from_json(*told);
    }
    result.sampled = from.value("sampled", false);
    from.at("points").get_to(result.points);
    from.at("max_points").get_to(result.max_points);
    from.at("seconds").get_to(result.seconds);
    return result;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    while (!text.empty()) {
        const auto [length, point] = decode(text);
        if (length == 0) {
            kept += "\xef\xbf\xbd";
        } else if (!is_control(point)) {
            kept += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return kept;
}

json to_json(const verdict& from) {
    json stages = json::array();
    for (const stage_result& stage : from.stages) stages.push_back(to_json(stage));
    const stage_result* decisive = from.decisive();
    return {{"schema", 1},
            {"lesson", printable(from.lesson)},
            {"answer", printable(from.answer.string())},
            {"result", name(from.result())},
            {"kind", name(from.why())},
            {"decisive", decisive ? json(name(decisive->which)) : json()},
            {"points", from.points()},
            {"max_points", from.max_points()},
            {"seconds", from.seconds},
            {"stages", std::move(stages)}};
}

verdict verdict_from_json(const json& from) {
    try {
        if (const int schema = from.at("schema").get<int>(); schema != 1) {
            throw std::invalid_argument("A verdict of schema " + std::to_string(schema) +
                                        " cannot be read; this program reads schema 1.");
        }
        verdict result;
        from.at("lesson").get_to(result.lesson);
        result.answer = from.at("answer").get<std::string>();
        for (const json& stage : from.at("stages")) result.stages.push_back(stage_from(stage));
        from.at("seconds").get_to(result.seconds);
        return result;
    } catch (const json::exception& problem) {
        throw std::invalid_argument(std::string("This is not a verdict: ") + problem.what());
    }
}

}  // namespace interleave
