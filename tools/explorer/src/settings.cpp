#include "settings.hpp"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace interleave::detail {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& value) {
    throw std::invalid_argument("explore(): " + what + ", but it is '" + value + "'.");
}

template <class Number, class Convert>
void override_with(const char* variable, Number& value, Convert convert) {
    const char* text = std::getenv(variable);
    if (!text || !*text) return;
    char* end = nullptr;
    errno = 0;
    value = static_cast<Number>(convert(text, &end));
    if (errno || *end) refuse(std::string(variable) + " must be a number", text);
}

}  // namespace

options with_environment(options how) {
    const auto whole = [](const char* text, char** end) { return std::strtol(text, end, 10); };
    const auto big = [](const char* text, char** end) { return std::strtoull(text, end, 10); };
    const auto real = [](const char* text, char** end) { return std::strtod(text, end); };
    override_with("INTERLEAVE_EXECUTIONS", how.executions, whole);
    override_with("INTERLEAVE_SECONDS", how.seconds, real);
    override_with("INTERLEAVE_SEED", how.seed, big);
    if (const char* schedule = std::getenv("INTERLEAVE_SCHEDULE")) how.schedule = schedule;
    if (const char* asked = std::getenv("INTERLEAVE_STRATEGY"); asked && *asked) {
        constexpr strategy all[] = {strategy::rotate, strategy::random, strategy::sticky,
                                    strategy::pct2,   strategy::pct3,   strategy::depth_first};
        const strategy* found = nullptr;
        for (const strategy& each : all)
            if (name(each) == asked) found = &each;
        if (!found)
            refuse("INTERLEAVE_STRATEGY must be rotate, random, sticky, pct2, pct3 or depth-first",
                   asked);
        how.search = *found;
    }

    if (how.executions < 0)
        refuse("the number of executions must not be negative", std::to_string(how.executions));
    if (!(how.seconds > 0))
        refuse("the time limit must be more than 0 seconds", std::to_string(how.seconds));
    if (how.preemption_bound < 0)
        refuse("the preemption bound must not be negative", std::to_string(how.preemption_bound));
    if (how.max_steps < 1)
        refuse("the step limit must be at least 1", std::to_string(how.max_steps));
    return how;
}

}  // namespace interleave::detail
