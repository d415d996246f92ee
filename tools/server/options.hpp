#pragma once

#include <chrono>
#include <cstdint>

namespace interleave {

/// What the command line of the loopback server asks for.
struct server_options {
    std::uint16_t port = 0;  ///< 0 lets the system choose a free port.
    std::chrono::milliseconds rendezvous_timeout{3000};
};

/// Reads the command line. Prints the help or the mistake and ends the process where the command
/// line does not ask for a server.
server_options read_options(int argc, char** argv);

}  // namespace interleave
