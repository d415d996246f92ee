#include "watches.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "http.hpp"
#include "timeline.hpp"

namespace interleave {

namespace {

bool counts(const timeline::request& request, const watches::condition& one) {
    const std::string_view path(request.path);
    if (!one.path.empty() && path.substr(0, path.find('?')) != one.path) return false;
    const bool ended = request.end_us >= 0;
    switch (one.what) {
        case watched::arrived:
            return true;
        case watched::answered:
            return ended && request.status != status_gave_up;
        case watched::gave_up:
            return ended && request.status == status_gave_up;
        case watched::in_flight:
        case watched::idle:
            return !ended;
    }
    return false;
}

}  // namespace

std::optional<watched> watched_from(std::string_view name) {
    constexpr std::pair<std::string_view, watched> names[] = {
        {"in_flight", watched::in_flight}, {"arrived", watched::arrived},
        {"answered", watched::answered},   {"gave_up", watched::gave_up},
        {"idle", watched::idle},
    };
    for (const auto& [each, what] : names) {
        if (each == name) return what;
    }
    return std::nullopt;
}

void watches::arrive(exchange& from, condition until, std::chrono::milliseconds timeout) {
    if (holds(until)) return from.answer(200, "reached\n");
    from.after(timeout, [&from] { from.answer(503, "not reached in time\n"); });
    watches_.push_back({&from, std::move(until)});
}

void watches::check() {
    const auto reached = std::stable_partition(
        watches_.begin(), watches_.end(), [this](const watch& each) { return !holds(each.until); });
    const std::vector<watch> done(std::make_move_iterator(reached),
                                  std::make_move_iterator(watches_.end()));
    watches_.erase(reached, watches_.end());
    for (const watch& each : done) each.who->answer(200, "reached\n");
}

void watches::leave(const exchange& ended) {
    std::erase_if(watches_, [&ended](const watch& each) { return each.who == &ended; });
}

bool watches::holds(const condition& one) const {
    const auto& requests = timeline_.requests();
    const auto count = static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [&one](const timeline::request& each) { return counts(each, one); }));
    return one.what == watched::idle ? count == 0 : count >= one.count;
}

}  // namespace interleave
