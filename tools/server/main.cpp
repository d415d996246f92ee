#include <cstdio>
#include <exception>

#include "http.hpp"
#include "options.hpp"
#include "process.hpp"
#include "routes.hpp"

int main(int argc, char** argv) try {
    using namespace interleave;
    const server_options options = read_options(argc, argv);
    require_standard_streams();
    end_with_parent();
    raise_open_file_limit();

    const listening_socket socket = listen_on_loopback(options.port);
    routes answers(options.rendezvous_timeout);
    http_service service(socket.descriptor, answers);
    std::printf("%d\n", int{socket.port});
    if (std::fflush(stdout) != 0) return 1;
    service.run();
} catch (const std::exception& error) {
    std::fprintf(stderr, "loopback_server: %s\n", error.what());
    return 2;
}
