#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

namespace interleave {

class exchange;

/// Groups of requests that are answered together, when a given number of them are in flight.
class rendezvous_groups {
  public:
    /// Answers 200 to all once `size` requests wait, which starts the group afresh. If that takes
    /// longer than `timeout`, all that wait get 503, and so does each later arrival at once until
    /// reset(): a program that asks for one URL at a time fails in one time-out, not in many.
    void arrive(exchange& from, std::size_t size, std::chrono::milliseconds timeout);

    /// Forgets an exchange that has ended.
    void leave(const exchange& ended);

    /// Answers 503 to all that wait and lets failed groups start afresh.
    void reset();

  private:
    struct group {
        std::vector<exchange*> waiting;
        bool failed = false;
    };

    void fail(std::size_t size);

    std::map<std::size_t, group> groups_;  ///< by size
};

}  // namespace interleave
