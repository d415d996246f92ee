#include "support/server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>
#include <utility>

#include "support/infrastructure.hpp"

extern char** environ;

namespace interleave {

namespace {

/// How long the server may take to start, to answer about itself, or to end. Far above what a
/// loaded machine needs: passing it means that something is broken.
constexpr int infrastructure_patience_ms = 60'000;
constexpr int end_patience_ms = 5'000;

[[noreturn]] void broken(const std::string& what) {
    throw infrastructure_error("The loopback server " + what);
}

[[noreturn]] void broken_call(const std::string& call) {
    broken("cannot be used: " + call + ": " + std::strerror(errno) + ".");
}

std::string server_program() {
    if (const char* named = std::getenv("INTERLEAVE_SERVER"); named && *named) return named;
#ifdef INTERLEAVE_SERVER
    return INTERLEAVE_SERVER;
#else
    broken("is not named; set the environment variable INTERLEAVE_SERVER to its program.");
#endif
}

struct descriptor_pair {
    int read_end;
    int write_end;
};

/// A pipe that no program started from this process inherits by accident. Its numbers are above
/// those of the standard streams, so that neither is overwritten in the child.
descriptor_pair private_pipe() {
    int ends[2];
    if (::pipe(ends) != 0) broken_call("pipe");
    for (int& end : ends) {
        const int moved = ::fcntl(end, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (moved < 0) broken_call("fcntl");
        ::close(std::exchange(end, moved));
    }
    return {ends[0], ends[1]};
}

/// Whether the descriptor has something to read, or has ended, within the time.
bool readable(int descriptor, int timeout_ms) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    int ready;
    do {
        ready = ::poll(&one, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/// A descriptor that is closed at the end of the scope.
class scoped_descriptor {
  public:
    explicit scoped_descriptor(int descriptor) : descriptor_(descriptor) {}
    ~scoped_descriptor() { ::close(descriptor_); }
    scoped_descriptor(const scoped_descriptor&) = delete;
    scoped_descriptor& operator=(const scoped_descriptor&) = delete;

    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

struct reply {
    int status;
    std::string body;
};

reply parse_reply(const std::string& text, const std::string& target) {
    constexpr std::string_view version = "HTTP/1.1 ";
    const auto body = text.find("\r\n\r\n");
    if (!text.starts_with(version) || body == std::string::npos) {
        broken("gave no answer to " + target + "; it may have ended.");
    }
    return {std::atoi(text.c_str() + version.size()), text.substr(body + 4)};
}

/// One GET on a connection of its own.
reply ask(std::uint16_t port, const std::string& target, int patience_ms) {
    const scoped_descriptor connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        broken_call("connect");
    }

    const std::string request =
        "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    // Shorter than any socket buffer: it is sent in one piece or not at all.
    if (::send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        broken_call("send");
    }

    std::string text;
    char part[4096];
    for (;;) {
        if (!readable(connection.get(), patience_ms)) broken("does not answer " + target + ".");
        const ssize_t count = ::recv(connection.get(), part, sizeof part, 0);
        if (count == 0) return parse_reply(text, target);
        if (count < 0) broken_call("recv");
        text.append(part, static_cast<std::size_t>(count));
    }
}

std::string ask_for_body(std::uint16_t port, const std::string& target) {
    const reply got = ask(port, target, infrastructure_patience_ms);
    if (got.status != 200) {
        broken("answered " + target + " with status " + std::to_string(got.status) + ": " +
               got.body);
    }
    return got.body;
}

}  // namespace

loopback_server::loopback_server() : owner_(::getpid()) {
    const std::string program = server_program();
    try {
        start(program);
        read_port(program);
    } catch (...) {
        stop();
        throw;
    }
}

loopback_server::~loopback_server() {
    if (::getpid() != owner_) {
        close_pipes();
        return;
    }
    if (process_ < 0) return;
    if (const int status = stop(); status != 0) {
        std::fprintf(stderr, "The loopback server ended badly (wait status %d).\n", status);
    }
}

void loopback_server::start(const std::string& program) {
    const descriptor_pair input = private_pipe();
    const scoped_descriptor childs_input(input.read_end);
    to_server_ = input.write_end;
    const descriptor_pair output = private_pipe();
    const scoped_descriptor childs_output(output.write_end);
    from_server_ = output.read_end;

    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, childs_input.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, childs_output.get(), STDOUT_FILENO);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    // Whoever reads from a pipe of the check must see its end when the check ends.
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
#endif

    // The server starts with the default handling of signals, whatever the check has set up.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) ::sigaddset(&signals, each);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    char name[] = "loopback_server";
    char* arguments[] = {name, nullptr};
    pid_t started = -1;
    const int error =
        ::posix_spawn(&started, program.c_str(), &files, &attributes, arguments, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) {
        broken(program + " cannot be started: " + std::strerror(error) +
               ". Build it with the target loopback_server, or set INTERLEAVE_SERVER to it.");
    }
    process_ = started;
}

void loopback_server::read_port(const std::string& program) {
    std::string line;
    while (line.empty() || line.back() != '\n') {
        char next;
        if (!readable(from_server_, infrastructure_patience_ms) ||
            ::read(from_server_, &next, 1) != 1) {
            broken(program + " did not say which port it listens on. Start it by hand to see why.");
        }
        line += next;
    }
    const int number = std::atoi(line.c_str());
    if (number < 1 || number > 65535) {
        broken(program + " printed \"" + line.substr(0, line.size() - 1) + "\" for its port.");
    }
    port_ = static_cast<std::uint16_t>(number);
}

std::string loopback_server::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

server_stats loopback_server::stats() const {
    std::istringstream lines(ask_for_body(port_, "/stats/table"));
    server_stats all;
    lines >> all.requests >> all.in_flight >> all.max_in_flight;
    server_request one;
    while (lines >> one.start_us >> one.end_us >> one.status && lines.ignore() &&
           std::getline(lines, one.path)) {
        all.timeline.push_back(one);
    }
    if (all.timeline.size() != all.requests) broken("answered /stats/table with half a table.");
    return all;
}

void loopback_server::reset() {
    ask_for_body(port_, "/stats/reset");
}

std::size_t loopback_server::open_gate(const std::string& name) {
    return std::strtoul(ask_for_body(port_, "/gate/" + name + "/open").c_str(), nullptr, 10);
}

bool loopback_server::wait_for_in_flight(std::size_t count, const std::string& path,
                                         int patience_ms) const {
    return wait_for("in_flight", count, path, patience_ms);
}

bool loopback_server::wait_for_arrived(std::size_t count, const std::string& path,
                                       int patience_ms) const {
    return wait_for("arrived", count, path, patience_ms);
}

bool loopback_server::wait_for_answered(std::size_t count, const std::string& path,
                                        int patience_ms) const {
    return wait_for("answered", count, path, patience_ms);
}

bool loopback_server::wait_for_gave_up(std::size_t count, const std::string& path,
                                       int patience_ms) const {
    return wait_for("gave_up", count, path, patience_ms);
}

bool loopback_server::wait_until_idle(int patience_ms) const {
    return wait_for("idle", 0, "", patience_ms);
}

bool loopback_server::wait_for(const std::string& what, std::size_t count, const std::string& path,
                               int patience_ms) const {
    std::string target = "/stats/wait/" + what + "?count=" + std::to_string(count) +
                         "&timeout_ms=" + std::to_string(patience_ms);
    if (!path.empty()) target += "&path=" + path;
    const reply got = ask(port_, target, patience_ms + infrastructure_patience_ms);
    if (got.status == 200) return true;
    if (got.status == 503) return false;
    broken("does not understand " + target + ": " + got.body);
}

int loopback_server::stop() {
    if (process_ < 0) {
        close_pipes();
        return 0;
    }
    // A forked child of the check may still hold the other end of the server's standard input, so
    // closing it is not enough.
    ::kill(process_, SIGTERM);
    // The server writes nothing more: its output is readable when the process has closed it.
    if (!readable(from_server_, end_patience_ms)) ::kill(process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    close_pipes();
    return status;
}

void loopback_server::close_pipes() {
    for (int* each : {&to_server_, &from_server_}) {
        if (*each >= 0) ::close(std::exchange(*each, -1));
    }
}

}  // namespace interleave
