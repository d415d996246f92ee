#include "process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace interleave {

listening_socket listen_on_loopback(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "socket");
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);

    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    // evhttp's own listener has a backlog of 128: a burst of connections beyond it would wait for
    // the client's retransmission, a second or more.
    constexpr int backlog = 4096;
    if (::bind(descriptor, generic, size) != 0 || ::listen(descriptor, backlog) != 0 ||
        ::getsockname(descriptor, generic, &size) != 0) {
        const int error = errno;
        ::close(descriptor);
        throw std::system_error(error, std::generic_category(),
                                "cannot listen on 127.0.0.1:" + std::to_string(port));
    }
    return {descriptor, ntohs(address.sin_port)};
}

void raise_open_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void require_standard_streams() {
    for (const int each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(each, F_GETFD) < 0) {
            throw std::runtime_error(
                "standard input, output and error must be open; the server ends when its standard "
                "input ends");
        }
    }
}

void end_with_parent() {
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

}  // namespace interleave
