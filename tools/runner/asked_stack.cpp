#include "runner/asked_stack.hpp"

#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

namespace interleave {

std::optional<asked_stack> parse_asked_stack(std::string_view line) {
    if (!line.starts_with(R"({"event":"stack",)")) return {};
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (event.is_discarded() || event.value("signal", 0) != SIGUSR2) return {};
    asked_stack stack{event.value("thread", 0), {}};
    for (const auto& pc : event.value("pcs", nlohmann::json::array())) {
        if (!pc.is_string()) continue;
        stack.second.push_back(
            std::strtoull(pc.get_ref<const std::string&>().c_str(), nullptr, 16));
    }
    return stack;
}

}  // namespace interleave
