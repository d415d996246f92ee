#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace interleave {

/// One request as the server saw it. Times are microseconds since the last reset().
struct server_request {
    static constexpr int gave_up = -1;  ///< the client closed the connection before the answer
    static constexpr int none = 0;      ///< in flight, or the server reset the connection

    std::string path;  ///< as asked for, with the query string
    std::int64_t start_us = 0;
    std::int64_t end_us = -1;  ///< -1 while in flight
    int status = none;         ///< the HTTP status sent, or one of the above
};

/// What the server saw since the last reset().
struct server_stats {
    std::size_t requests = 0;
    std::size_t in_flight = 0;
    std::size_t max_in_flight = 0;
    std::vector<server_request> timeline;  ///< in the order of arrival
};

/// The loopback server as a process of its own, for as long as this object lives.
///
///     interleave::loopback_server server;
///     auto pages = fetch_all({server.url("/rendezvous/2?a"), server.url("/rendezvous/2?b")});
///     CHECK(server.stats().max_in_flight == 2);
///
/// For the main thread of a check only: the system ends the server with the thread that started
/// it. It shares nothing with the answer's threads, so it orders nothing between them. The program
/// is the one that the environment variable INTERLEAVE_SERVER names, else the one of this build.
/// Every member throws infrastructure_error where the server cannot be started or reached.
class loopback_server {
  public:
    loopback_server();

    /// Ends the process and reaps it. In a forked child it only closes the child's descriptors.
    ~loopback_server();

    loopback_server(const loopback_server&) = delete;
    loopback_server& operator=(const loopback_server&) = delete;

    /// "http://127.0.0.1:PORT" and the path, which begins with a slash.
    std::string url(const std::string& path) const;

    std::uint16_t port() const { return port_; }
    pid_t process_id() const { return process_; }

    server_stats stats() const;

    /// Forgets all requests so far, closes the gates, lets failed rendezvous start afresh. What a
    /// gate or a rendezvous still holds gets status 503.
    void reset();

    /// Opens a gate until reset(). Returns how many requests it held.
    std::size_t open_gate(const std::string& name);

    /// These block until the server has seen it, and return false if it has not within
    /// `patience_ms` milliseconds. `path` (without a query string) counts only requests for it.
    [[nodiscard]] bool wait_for_in_flight(std::size_t count, const std::string& path = "",
                                          int patience_ms = default_patience_ms) const;
    [[nodiscard]] bool wait_for_arrived(std::size_t count, const std::string& path = "",
                                        int patience_ms = default_patience_ms) const;
    [[nodiscard]] bool wait_for_answered(std::size_t count, const std::string& path = "",
                                         int patience_ms = default_patience_ms) const;

    /// The server learns a moment later that a client has closed its connection; wait for it
    /// before looking at stats().
    [[nodiscard]] bool wait_for_gave_up(std::size_t count, const std::string& path = "",
                                        int patience_ms = default_patience_ms) const;
    [[nodiscard]] bool wait_until_idle(int patience_ms = default_patience_ms) const;

    /// Ends the process now. Returns its wait status: 0 when it ended cleanly.
    int stop();

    static constexpr int default_patience_ms = 30'000;

  private:
    void start(const std::string& program);
    void read_port(const std::string& program);
    bool wait_for(const std::string& what, std::size_t count, const std::string& path,
                  int patience_ms) const;
    void close_pipes();

    pid_t owner_;           ///< the process that constructed this object
    pid_t process_ = -1;    ///< -1 once reaped
    int to_server_ = -1;    ///< its standard input: closing it ends the server
    int from_server_ = -1;  ///< its standard output
    std::uint16_t port_ = 0;
};

}  // namespace interleave
