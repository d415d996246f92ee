#pragma once
#include <algorithm>
#include <cstddef>

#include "support/server.hpp"
#include "support/threads_since.hpp"

namespace interleave {

/// Waits until `enough(server.stats())` holds, or until it never will: the threads started since
/// all sleep, and the server, asked again and again, has nothing new to tell. True when it holds.
///
/// Nothing is timed: every look asks the server, so that it has had its turn on the busiest
/// machine, and a thread that only waits for a processor is awake. Main thread, while `fetch_all`
/// runs on another.
template <class Enough>
bool settled(const loopback_server& server, const threads_since& others, Enough enough) {
    // More than the server needs to accept, read and count what has reached it, and long enough for
    // an answer that itself sleeps for a moment between two requests.
    constexpr int looks = 200;
    constexpr int most_spins = 3;  // an answer that never sleeps is given up on
    std::size_t requests = 0;
    std::size_t in_flight = 0;
    for (int unchanged = 0, spins = 0; unchanged < looks && spins < most_spins; ++unchanged) {
        const bool at_rest = others.wait_until_at_rest();
        const server_stats now = server.stats();
        if (enough(now)) return true;
        if (!at_rest) ++spins;
        if (!at_rest || now.requests != requests || now.in_flight != in_flight) unchanged = 0;
        requests = now.requests;
        in_flight = now.in_flight;
    }
    return false;
}

}  // namespace interleave
