#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// How a request ended where it was not answered with an HTTP status.
inline constexpr int status_gave_up = -1;  ///< the client closed the connection first
inline constexpr int status_none = 0;      ///< in flight, or the server reset the connection

/// Every counted request since the last reset, with its start and end. Times are microseconds
/// since that reset, on the server's monotonic clock.
class timeline {
  public:
    struct request {
        std::string path;  ///< as asked for, with the query string
        std::int64_t start_us = 0;
        std::int64_t end_us = -1;  ///< -1 while in flight
        int status = status_none;
    };

    /// Names a request across resets: the end of one that began before a reset counts nowhere.
    struct ticket {
        std::uint64_t epoch;
        std::size_t index;
    };

    ticket begin(std::string path);
    void end(ticket of, int status);
    void reset();

    std::size_t in_flight() const { return in_flight_; }
    const std::vector<request>& requests() const { return requests_; }
    std::string json() const;

    /// The same for a reader without a JSON parser: a line of the three counts, then for each
    /// request a line of start, end, status and path.
    std::string table() const;

  private:
    using clock = std::chrono::steady_clock;

    std::int64_t now_us() const;

    std::vector<request> requests_;
    std::size_t in_flight_ = 0;
    std::size_t max_in_flight_ = 0;
    std::uint64_t epoch_ = 0;
    clock::time_point zero_ = clock::now();
};

}  // namespace interleave
