#include "http.hpp"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

#include "timeline.hpp"

namespace interleave {

namespace {

std::string text_or_empty(const char* text) {
    return text ? text : "";
}

/// Has libevent tell us when the client of a request in progress disconnects.
void watch_for_disconnect(evhttp_connection* connection) {
    bufferevent* stream = evhttp_connection_get_bufferevent(connection);
    // evhttp stops reading while a request is handled, and a disconnect is seen by reading only.
    // Its read callback ends the process on data it does not expect, such as a pipelined request,
    // so it is taken out; evhttp puts it back when it is ready for the next request.
    bufferevent_data_cb written = nullptr;
    bufferevent_event_cb failed = nullptr;
    void* argument = nullptr;
    bufferevent_getcb(stream, nullptr, &written, &failed, &argument);
    bufferevent_setcb(stream, nullptr, written, failed, argument);
    bufferevent_enable(stream, EV_READ);
}

}  // namespace

exchange::exchange(http_service& service, evhttp_request* request)
    : service_(service), request_(request) {
    const evhttp_uri* uri = evhttp_request_get_evhttp_uri(request);
    path_ = text_or_empty(evhttp_uri_get_path(uri));
    query_ = text_or_empty(evhttp_uri_get_query(uri));

    evhttp_connection* connection = evhttp_request_get_connection(request);
    watch_for_disconnect(connection);
    evhttp_connection_set_closecb(
        connection,
        [](evhttp_connection*, void* self) { static_cast<exchange*>(self)->client_left(); }, this);
}

exchange::~exchange() {
    if (timer_) event_free(timer_);
}

std::string exchange::target() const {
    return query_.empty() ? path_ : path_ + '?' + query_;
}

void exchange::answer(int status, std::string_view body, const char* content_type) {
    evhttp_connection_set_closecb(evhttp_request_get_connection(request_), nullptr, nullptr);
    evhttp_add_header(evhttp_request_get_output_headers(request_), "Content-Type", content_type);
    evbuffer_add(evhttp_request_get_output_buffer(request_), body.data(), body.size());
    // The end is recorded before the first byte leaves: a client that has its answer finds it in
    // the timeline.
    evhttp_send_reply(request_, status, nullptr, nullptr);
    service_.finish(*this, status);
}

void exchange::cut() {
    evhttp_connection* connection = evhttp_request_get_connection(request_);
    evhttp_connection_set_closecb(connection, nullptr, nullptr);
    // evhttp shuts a connection down politely before it closes it. Dissolving the association
    // makes Linux send the reset now, whatever follows.
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    // Whether it succeeds changes nothing: the connection is given up in any case.
    (void)::connect(bufferevent_getfd(evhttp_connection_get_bufferevent(connection)), &nobody,
                    sizeof nobody);
    evhttp_connection_free(connection);
    service_.finish(*this, status_none);
}

void exchange::break_off(std::size_t size) {
    evhttp_connection* connection = evhttp_request_get_connection(request_);
    evhttp_connection_set_closecb(connection, nullptr, nullptr);
    const std::string half =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(size) +
        "\r\n\r\n" + std::string(size / 2, 'x');
    // evhttp knows only whole answers. So little fits into the socket's buffer at once.
    (void)::send(bufferevent_getfd(evhttp_connection_get_bufferevent(connection)), half.data(),
                 half.size(), MSG_NOSIGNAL);
    evhttp_connection_free(connection);
    service_.finish(*this, status_none);
}

void exchange::after(std::chrono::milliseconds delay, std::function<void()> action) {
    timer_action_ = std::move(action);
    timer_ = evtimer_new(
        service_.base_.get(),
        [](evutil_socket_t, short, void* self) {
            // The action may end this exchange, and must not be destroyed while it runs.
            std::exchange(static_cast<exchange*>(self)->timer_action_, nullptr)();
        },
        this);
    const timeval wait{.tv_sec = delay.count() / 1000, .tv_usec = delay.count() % 1000 * 1000};
    evtimer_add(timer_, &wait);
}

void exchange::client_left() {
    // A request that evhttp has already detached from its dying connection is ours to free.
    if (!evhttp_request_get_connection(request_)) evhttp_request_free(request_);
    service_.finish(*this, status_gave_up);
}

void http_service::event_deleter::operator()(event* one) const {
    event_free(one);
}
void http_service::base_deleter::operator()(event_base* one) const {
    event_base_free(one);
}
void http_service::http_deleter::operator()(evhttp* one) const {
    evhttp_free(one);
}

http_service::http_service(int listening_socket, exchange_handler& handler) : handler_(handler) {
    event_config* config = event_config_new();
    // The default timers count from a cached, coarse clock and may fire early; /delay promises
    // that they do not.
    event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME | EVENT_BASE_FLAG_PRECISE_TIMER);
    base_.reset(event_base_new_with_config(config));
    event_config_free(config);
    if (!base_) throw std::runtime_error("libevent cannot set up an event loop");

    std::signal(SIGPIPE, SIG_IGN);  // a client that leaves is an event, not a signal
    for (const int each : {SIGTERM, SIGINT, SIGHUP}) stop_when(each, EV_SIGNAL);
    stop_when(STDIN_FILENO, EV_READ);

    http_.reset(evhttp_new(base_.get()));
    evhttp_set_max_headers_size(http_.get(), 64L * 1024);
    evhttp_set_max_body_size(http_.get(), 16L * 1024 * 1024);
    evhttp_set_gencb(
        http_.get(),
        [](evhttp_request* request, void* self) {
            static_cast<http_service*>(self)->receive(request);
        },
        this);
    if (evhttp_accept_socket(http_.get(), listening_socket) != 0) {
        ::close(listening_socket);
        throw std::runtime_error("libevent cannot accept connections on the listening socket");
    }
}

http_service::~http_service() = default;

void http_service::run() {
    event_base_dispatch(base_.get());
}

void http_service::stop_when(int descriptor_or_signal, short what) {
    const auto stop = [](evutil_socket_t descriptor, short why, void* base) {
        char ignored[256];
        const bool more = (why & EV_READ) && ::read(descriptor, ignored, sizeof ignored) > 0;
        if (!more) event_base_loopbreak(static_cast<event_base*>(base));
    };
    ends_.emplace_back(event_new(base_.get(), descriptor_or_signal,
                                 static_cast<short>(what | EV_PERSIST), stop, base_.get()));
    if (!ends_.back() || event_add(ends_.back().get(), nullptr) != 0) {
        throw std::runtime_error(
            "cannot watch standard input; give the server a pipe or a terminal, it ends when that "
            "is closed");
    }
}

void http_service::receive(evhttp_request* request) {
    auto arrived = std::make_unique<exchange>(*this, request);
    exchange& kept = *arrived;
    open_.emplace(&kept, std::move(arrived));
    handler_.arrived(kept);
}

void http_service::finish(exchange& which, int status) {
    handler_.ended(which, status);
    open_.erase(&which);
}

}  // namespace interleave
