#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct event;
struct event_base;
struct evhttp;
struct evhttp_connection;
struct evhttp_request;

namespace interleave {

class http_service;

/// One HTTP request, from its arrival to its end. It ends once: answered, cut, broken off, or
/// given up by the client; the object is gone after that, so the call that ends it is the last use.
class exchange {
  public:
    exchange(http_service& service, evhttp_request* request);
    ~exchange();
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    const std::string& path() const { return path_; }    ///< without the query string
    const std::string& query() const { return query_; }  ///< without the question mark
    std::string target() const;                          ///< path and query as asked for

    void answer(int status, std::string_view body, const char* content_type = "text/plain");

    /// Resets the TCP connection: the client sees "connection reset by peer".
    void cut();

    /// Sends the first half of a body of that many bytes, and then closes the connection.
    void break_off(std::size_t size);

    /// Calls `action` once after `delay`, unless the exchange ends before. One timer an exchange.
    void after(std::chrono::milliseconds delay, std::function<void()> action);

  private:
    void client_left();

    http_service& service_;
    evhttp_request* request_;
    std::string path_;
    std::string query_;
    event* timer_ = nullptr;
    std::function<void()> timer_action_;
};

/// Who decides what becomes of each exchange.
class exchange_handler {
  public:
    virtual ~exchange_handler() = default;

    /// A whole request is in. Answer it, cut it, or keep a pointer to it until ended().
    virtual void arrived(exchange& from) = 0;

    /// The exchange is about to be destroyed. `status` is the HTTP status sent, or one of the
    /// constants of timeline.hpp.
    virtual void ended(const exchange& which, int status) = 0;
};

/// The only part that knows libevent: an event loop of one thread with an HTTP server on it.
class http_service {
  public:
    /// Takes over the listening socket. The handler must outlive the service. From here on the
    /// signals of run() are held for it.
    http_service(int listening_socket, exchange_handler& handler);
    ~http_service();
    http_service(const http_service&) = delete;
    http_service& operator=(const http_service&) = delete;

    /// Serves until standard input ends or one of SIGTERM, SIGINT and SIGHUP arrives.
    void run();

  private:
    friend class exchange;

    struct event_deleter {
        void operator()(event* one) const;
    };
    struct base_deleter {
        void operator()(event_base* one) const;
    };
    struct http_deleter {
        void operator()(evhttp* one) const;
    };
    using event_ptr = std::unique_ptr<event, event_deleter>;

    void receive(evhttp_request* request);
    void finish(exchange& which, int status);
    void stop_when(int descriptor_or_signal, short what);

    exchange_handler& handler_;
    std::unique_ptr<event_base, base_deleter> base_;
    std::vector<event_ptr> ends_;
    std::unordered_map<const exchange*, std::unique_ptr<exchange>> open_;
    // Last, so destroyed first: closing the connections ends the exchanges in open_.
    std::unique_ptr<evhttp, http_deleter> http_;
};

}  // namespace interleave
