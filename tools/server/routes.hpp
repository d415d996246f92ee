#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gates.hpp"
#include "http.hpp"
#include "rendezvous.hpp"
#include "timeline.hpp"
#include "watches.hpp"

namespace interleave {

/// One line for each route: its pattern and what it does.
std::string route_help();

/// Decides what becomes of each request by its path, and keeps the timeline.
class routes : public exchange_handler {
  public:
    explicit routes(std::chrono::milliseconds rendezvous_timeout)
        : rendezvous_timeout_(rendezvous_timeout) {}

    void arrived(exchange& from) override;
    void ended(const exchange& which, int status) override;

  private:
    friend std::string route_help();

    /// `argument` is what stands in the place of the pattern's asterisk.
    using action = void (routes::*)(exchange& from, const std::string& argument);
    struct route {
        std::string_view pattern;
        bool counted;  ///< in the timeline; what a test asks for itself is not
        action run;
        std::string_view help;
    };
    static const std::vector<route>& table();

    void delay(exchange& from, const std::string& milliseconds);
    void bytes(exchange& from, const std::string& count);
    void status(exchange& from, const std::string& code);
    void hang(exchange& from, const std::string&);
    void reset_connection(exchange& from, const std::string&);
    void broken(exchange& from, const std::string& count);
    void meet(exchange& from, const std::string& size);
    void echo(exchange& from, const std::string&);
    void gate(exchange& from, const std::string& name);
    void open_gate(exchange& from, const std::string& name);
    void stats(exchange& from, const std::string&);
    void stats_table(exchange& from, const std::string&);
    void reset_stats(exchange& from, const std::string&);
    void wait(exchange& from, const std::string& name);

    std::chrono::milliseconds rendezvous_timeout_;
    timeline timeline_;
    rendezvous_groups rendezvous_;
    gates gates_;
    watches watches_{timeline_};
    std::unordered_map<const exchange*, timeline::ticket> tickets_;
};

}  // namespace interleave
