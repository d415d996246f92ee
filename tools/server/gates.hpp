#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace interleave {

class exchange;

/// Named gates, all closed at first, that hold requests until they are opened.
class gates {
  public:
    /// Answers 200 now where the gate is open, else when it opens.
    void arrive(exchange& from, const std::string& name);

    /// Opens a gate for good (until reset). Returns how many requests it was holding.
    std::size_t open(const std::string& name);

    /// Forgets an exchange that has ended.
    void leave(const exchange& ended);

    /// Answers 503 to all that wait and closes every gate.
    void reset();

  private:
    struct gate {
        std::vector<exchange*> waiting;
        bool open = false;
    };

    std::map<std::string, gate> gates_;
};

}  // namespace interleave
