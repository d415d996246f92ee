#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "support/infrastructure.hpp"

namespace interleave {

/// A URL at which every connection is refused, for as long as this object lives: its port is taken,
/// so that nobody else can have it, and nobody listens there. Any thread.
class refused_url {
  public:
    refused_url() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* bare = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        if (::bind(socket_, bare, size) != 0 || ::getsockname(socket_, bare, &size) != 0) {
            if (socket_ >= 0) ::close(socket_);
            throw infrastructure_error("No port of 127.0.0.1 can be had for a refused connection.");
        }
        text_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/refused";
    }
    ~refused_url() { ::close(socket_); }
    refused_url(const refused_url&) = delete;
    refused_url& operator=(const refused_url&) = delete;

    const std::string& text() const { return text_; }

  private:
    int socket_;
    std::string text_;
};

}  // namespace interleave
