#include "options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>

#include "routes.hpp"

namespace interleave {

server_options read_options(int argc, char** argv) {
    server_options options;
    auto timeout_ms = options.rendezvous_timeout.count();

    CLI::App app(
        "The HTTP server that the lessons about waiting talk to. It listens on 127.0.0.1 only, "
        "prints its port on one line, and ends when its standard input ends.",
        "loopback_server");
    app.footer(std::string("Routes (a query string is allowed on each):\n") + route_help());
    app.add_option("--port", options.port, "Port to listen on; 0 chooses a free one")
        ->capture_default_str();
    app.add_option("--rendezvous-timeout-ms", timeout_ms,
                   "How long a rendezvous waits for the others before it fails")
        ->check(CLI::Range(1, 600'000))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& outcome) {
        std::exit(app.exit(outcome));
    }
    options.rendezvous_timeout = std::chrono::milliseconds(timeout_ms);
    return options;
}

}  // namespace interleave
