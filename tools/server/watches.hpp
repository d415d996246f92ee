#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

class exchange;
class timeline;

/// What a watch can wait for: a property of the timeline.
enum class watched { in_flight, arrived, answered, gave_up, idle };

/// The name used in URLs, such as "in_flight"; nothing where there is no such property.
std::optional<watched> watched_from(std::string_view name);

/// Requests of the test itself that are answered when the timeline has reached a given state, so
/// that a test can wait for it without asking again and again.
class watches {
  public:
    struct condition {
        watched what;
        std::size_t count;  ///< at least so many requests; without meaning for idle
        std::string path;   ///< count only requests for this path; empty counts all
    };

    explicit watches(const timeline& of) : timeline_(of) {}

    /// Answers 200 as soon as the condition holds, 503 if it does not within `timeout`.
    void arrive(exchange& from, condition until, std::chrono::milliseconds timeout);

    /// To be called after each change of the timeline.
    void check();

    /// Forgets an exchange that has ended.
    void leave(const exchange& ended);

  private:
    struct watch {
        exchange* who;
        condition until;
    };

    bool holds(const condition& one) const;

    const timeline& timeline_;
    std::vector<watch> watches_;
};

}  // namespace interleave
