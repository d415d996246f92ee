#include "gates.hpp"

#include <utility>

#include "http.hpp"

namespace interleave {

namespace {

constexpr const char* through = "through\n";

}  // namespace

void gates::arrive(exchange& from, const std::string& name) {
    gate& mine = gates_[name];
    if (mine.open) return from.answer(200, through);
    mine.waiting.push_back(&from);
}

std::size_t gates::open(const std::string& name) {
    gate& mine = gates_[name];
    mine.open = true;
    const auto waiting = std::exchange(mine.waiting, {});
    for (exchange* each : waiting) each->answer(200, through);
    return waiting.size();
}

void gates::leave(const exchange& ended) {
    for (auto& [name, each] : gates_) std::erase(each.waiting, &ended);
}

void gates::reset() {
    for (auto& [name, each] : std::exchange(gates_, {})) {
        for (exchange* waiting : each.waiting) waiting->answer(503, "The server was reset.\n");
    }
}

}  // namespace interleave
