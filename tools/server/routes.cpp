#include "routes.hpp"

#include <algorithm>
#include <string>

#include "query.hpp"

namespace interleave {

namespace {

constexpr long longest_wait_ms = 600'000;
constexpr long most_bytes = 64L * 1024 * 1024;
constexpr long most_requests = 100'000;

/// What the asterisk of the pattern stands for in the path, a part without a slash; the empty
/// string where the pattern has none; nothing where they do not match.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) {
        return pattern == path ? std::optional<std::string>("") : std::nullopt;
    }
    const auto before = pattern.substr(0, star);
    const auto after = pattern.substr(star + 1);
    if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
        !path.ends_with(after)) {
        return std::nullopt;
    }
    path.remove_prefix(before.size());
    path.remove_suffix(after.size());
    if (path.find('/') != std::string_view::npos) return std::nullopt;
    return percent_decoded(path);
}

void refuse(exchange& from, const std::string& expected) {
    from.answer(400, from.target() + ": expected " + expected + ".\n");
}

/// The time-out that the query string asks for, else `otherwise`; nothing where it is no number.
std::optional<std::chrono::milliseconds> timeout_of(const exchange& from,
                                                    std::chrono::milliseconds otherwise) {
    const auto asked = query_value(from.query(), "timeout_ms");
    if (!asked) return otherwise;
    const auto number = number_in(*asked, 1, longest_wait_ms);
    if (!number) return std::nullopt;
    return std::chrono::milliseconds(*number);
}

const std::string a_timeout = "timeout_ms from 1 to " + std::to_string(longest_wait_ms);

}  // namespace

const std::vector<routes::route>& routes::table() {
    static const std::vector<route> all = {
        {"/delay/*", true, &routes::delay, "answers after so many milliseconds"},
        {"/bytes/*", true, &routes::bytes, "answers with so many bytes"},
        {"/status/*", true, &routes::status, "answers with this HTTP status"},
        {"/hang", true, &routes::hang, "never answers"},
        {"/reset", true, &routes::reset_connection, "resets the connection"},
        {"/broken/*", true, &routes::broken, "closes after half of so many bytes"},
        {"/rendezvous/*", true, &routes::meet,
         "answers when so many of these are in flight, or 503 after ?timeout_ms="},
        {"/echo", true, &routes::echo, "answers with the decoded query string"},
        {"/gate/*", true, &routes::gate, "answers when the gate of this name is open"},
        {"/gate/*/open", false, &routes::open_gate, "opens it; answers how many it held"},
        {"/stats", false, &routes::stats, "counts and timeline since the last reset, as JSON"},
        {"/stats/table", false, &routes::stats_table, "the same as plain lines"},
        {"/stats/reset", false, &routes::reset_stats, "starts afresh; what is held gets 503"},
        {"/stats/wait/*", false, &routes::wait,
         "waits until ?count= requests (of ?path=) are in_flight, arrived, answered or gave_up, "
         "or until all is idle; 503 after ?timeout_ms="},
    };
    return all;
}

std::string route_help() {
    std::string help;
    for (const routes::route& each : routes::table()) {
        std::string line = "  " + std::string(each.pattern);
        line.resize(std::max<std::size_t>(line.size() + 1, 18), ' ');
        help += line + std::string(each.help) + '\n';
    }
    return help;
}

void routes::arrived(exchange& from) {
    for (const route& each : table()) {
        const auto argument = match(each.pattern, from.path());
        if (!argument) continue;
        if (each.counted) {
            tickets_.emplace(&from, timeline_.begin(from.target()));
            watches_.check();
        }
        return (this->*each.run)(from, *argument);
    }
    tickets_.emplace(&from, timeline_.begin(from.target()));
    from.answer(404, "There is no route " + from.path() + ". The routes are:\n" + route_help());
}

void routes::ended(const exchange& which, int status) {
    rendezvous_.leave(which);
    gates_.leave(which);
    watches_.leave(which);
    const auto ticket = tickets_.extract(&which);
    if (ticket.empty()) return;
    timeline_.end(ticket.mapped(), status);
    watches_.check();
}

void routes::delay(exchange& from, const std::string& milliseconds) {
    const auto wait = number_in(milliseconds, 0, longest_wait_ms);
    if (!wait) return refuse(from, "milliseconds from 0 to " + std::to_string(longest_wait_ms));
    from.after(std::chrono::milliseconds(*wait), [&from] { from.answer(200, "done\n"); });
}

void routes::bytes(exchange& from, const std::string& count) {
    const auto size = number_in(count, 0, most_bytes);
    if (!size) return refuse(from, "a size from 0 to " + std::to_string(most_bytes));
    from.answer(200, std::string(static_cast<std::size_t>(*size), 'x'));
}

void routes::status(exchange& from, const std::string& code) {
    const auto wanted = number_in(code, 200, 599);
    if (!wanted) return refuse(from, "an HTTP status from 200 to 599");
    from.answer(static_cast<int>(*wanted), "status " + code + '\n');
}

void routes::hang(exchange&, const std::string&) {}

void routes::reset_connection(exchange& from, const std::string&) {
    from.cut();
}

void routes::broken(exchange& from, const std::string& count) {
    constexpr int most_broken_off = 4096;
    const auto size = number_in(count, 1, most_broken_off);
    if (!size) return refuse(from, "a size from 1 to " + std::to_string(most_broken_off));
    from.break_off(static_cast<std::size_t>(*size));
}

void routes::meet(exchange& from, const std::string& size) {
    const auto wanted = number_in(size, 1, most_requests);
    const auto timeout = timeout_of(from, rendezvous_timeout_);
    if (!wanted) return refuse(from, "a group size from 1 to " + std::to_string(most_requests));
    if (!timeout) return refuse(from, a_timeout);
    rendezvous_.arrive(from, static_cast<std::size_t>(*wanted), *timeout);
}

void routes::echo(exchange& from, const std::string&) {
    from.answer(200, percent_decoded(from.query()));
}

void routes::gate(exchange& from, const std::string& name) {
    gates_.arrive(from, name);
}

void routes::open_gate(exchange& from, const std::string& name) {
    from.answer(200, std::to_string(gates_.open(name)) + '\n');
}

void routes::stats(exchange& from, const std::string&) {
    from.answer(200, timeline_.json(), "application/json");
}

void routes::stats_table(exchange& from, const std::string&) {
    from.answer(200, timeline_.table());
}

void routes::reset_stats(exchange& from, const std::string&) {
    // The timeline first: what the others end now belongs to the time before.
    timeline_.reset();
    rendezvous_.reset();
    gates_.reset();
    watches_.check();
    from.answer(200, "reset\n");
}

void routes::wait(exchange& from, const std::string& name) {
    const auto what = watched_from(name);
    const auto count =
        number_in(query_value(from.query(), "count").value_or("1"), 0, most_requests);
    const auto timeout = timeout_of(from, std::chrono::seconds(30));
    if (!what) return refuse(from, "in_flight, arrived, answered, gave_up or idle");
    if (!count) return refuse(from, "count from 0 to " + std::to_string(most_requests));
    if (!timeout) return refuse(from, a_timeout);
    watches_.arrive(from,
                    {.what = *what,
                     .count = static_cast<std::size_t>(*count),
                     .path = query_value(from.query(), "path").value_or("")},
                    *timeout);
}

}  // namespace interleave
