#pragma once

#include <cstdint>

namespace interleave {

/// A listening, non-blocking socket on 127.0.0.1.
struct listening_socket {
    int descriptor;
    std::uint16_t port;
};

/// Binds a port of 127.0.0.1 (0: any free one). Throws std::system_error where it is taken.
listening_socket listen_on_loopback(std::uint16_t port);

/// Lets the process open as many files as the system allows it: each request in flight needs one.
void raise_open_file_limit();

/// Throws std::runtime_error where the process was started without standard streams: their numbers
/// would go to sockets, and the end of standard input would never be seen.
void require_standard_streams();

/// Has the system end this process with the thread that started it, where the system can (Linux).
/// Everywhere, the end of standard input is the other sign that the parent is gone.
void end_with_parent();

}  // namespace interleave
