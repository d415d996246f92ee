#include "timeline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace interleave {

timeline::ticket timeline::begin(std::string path) {
    requests_.push_back({.path = std::move(path), .start_us = now_us()});
    max_in_flight_ = std::max(max_in_flight_, ++in_flight_);
    return {epoch_, requests_.size() - 1};
}

void timeline::end(ticket of, int status) {
    if (of.epoch != epoch_) return;
    request& ended = requests_[of.index];
    ended.end_us = now_us();
    ended.status = status;
    --in_flight_;
}

void timeline::reset() {
    requests_.clear();
    in_flight_ = max_in_flight_ = 0;
    ++epoch_;
    zero_ = clock::now();
}

std::string timeline::json() const {
    auto rows = nlohmann::json::array();
    for (const request& each : requests_) {
        rows.push_back({{"path", each.path},
                        {"start_us", each.start_us},
                        {"end_us", each.end_us},
                        {"status", each.status}});
    }
    const nlohmann::json stats = {{"requests", requests_.size()},
                                  {"in_flight", in_flight_},
                                  {"max_in_flight", max_in_flight_},
                                  {"timeline", std::move(rows)}};
    // A path may hold any byte; what is no UTF-8 is replaced rather than thrown over.
    return stats.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string timeline::table() const {
    std::ostringstream lines;
    lines << requests_.size() << ' ' << in_flight_ << ' ' << max_in_flight_ << '\n';
    for (const request& each : requests_) {
        lines << each.start_us << ' ' << each.end_us << ' ' << each.status << ' ' << each.path
              << '\n';
    }
    return lines.str();
}

std::int64_t timeline::now_us() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - zero_).count();
}

}  // namespace interleave
