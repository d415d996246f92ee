#include "rendezvous.hpp"

#include <string>
#include <utility>

#include "http.hpp"

namespace interleave {

void rendezvous_groups::arrive(exchange& from, std::size_t size,
                               std::chrono::milliseconds timeout) {
    group& mine = groups_[size];
    if (mine.failed) {
        return from.answer(503, "This rendezvous has failed before; GET /stats/reset renews it.\n");
    }
    mine.waiting.push_back(&from);
    if (mine.waiting.size() < size) {
        return from.after(timeout, [this, size] { fail(size); });
    }
    for (exchange* each : std::exchange(mine.waiting, {})) each->answer(200, "met\n");
}

void rendezvous_groups::leave(const exchange& ended) {
    for (auto& [size, each] : groups_) std::erase(each.waiting, &ended);
}

void rendezvous_groups::reset() {
    for (auto& [size, each] : std::exchange(groups_, {})) {
        for (exchange* waiting : each.waiting) waiting->answer(503, "The server was reset.\n");
    }
}

void rendezvous_groups::fail(std::size_t size) {
    group& late = groups_[size];
    late.failed = true;
    const auto waiting = std::exchange(late.waiting, {});
    const std::string reason = "Only " + std::to_string(waiting.size()) + " of " +
                               std::to_string(size) + " requests were in flight together.\n";
    for (exchange* each : waiting) each->answer(503, reason);
}

}  // namespace interleave
