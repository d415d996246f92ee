#include "runner/answer_build.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <fstream>
#include <future>

#include "runner/diagnostics.hpp"
#include "runner/process.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// The answer is included from where it stands, so that every line the compiler, a sanitizer or a
/// stack names is a line of the learner's own file.
void write_forwarding_header(const fs::path& header, const fs::path& answer_file) {
    const std::string path = answer_file.string();
    if (path.find_first_of("\"\n") != std::string::npos) {
        throw course_error(
            fmt::format("{} cannot be included by a C++ program, because of a "
                        "character in its path. Give it another name.",
                        path));
    }
    std::ofstream out(header);
    out << "#pragma once\n#include \"" << path << "\"\n";
    if (!out.flush()) {
        throw process_error(
            fmt::format("{} cannot be written. Is the disk full?", header.string()));
    }
}

command compiler_command(const recipe& how, std::vector<std::string> arguments) {
    command tool{.arguments = std::move(arguments), .directory = how.directory()};
    tool.cpu_limit = std::chrono::minutes(3);
    tool.idle_limit = std::chrono::minutes(2);
    return tool;
}

/// A full disk does not always say so: lld maps the file that it writes, and is ended by a signal.
bool disk_is_full(const run_result& tool, const fs::path& folder) {
    constexpr std::uintmax_t little = 8 << 20;
    if (tool.err.find("No space left on device") != std::string::npos) return true;
    std::error_code unknown;
    const auto space = fs::space(folder, unknown);
    return !unknown && space.available < little &&
           (tool.ended == ending::signalled ||
            tool.err.find("unable to execute command") != std::string::npos ||
            tool.err.find("final link failed") != std::string::npos);
}

stage_result failed_build(const run_result& tool, const fs::path& answer_file,
                          const fs::path& folder) {
    stage_result result{.which = stage::build, .result = outcome::failed, .summary = {}};
    const bool disk_full = disk_is_full(tool, folder);
    const bool killed = tool.ended == ending::signalled && tool.status == SIGKILL;
    if (disk_full || killed || tool.ended == ending::wall_limit || tool.ended == ending::idle) {
        result.result = outcome::infrastructure;
        result.summary = disk_full ? "The disk is full: the answer cannot be built. "
                                     "INTERLEAVE_BUILD names another place to build in."
                         : killed  ? "The compiler was killed: has the machine enough memory?"
                                   : "The compiler did not come to an end on this machine.";
        return result;
    }
    result.why = kind::build_error;
    if (tool.ended != ending::exited) {
        result.summary = tool.ended == ending::memory_limit
                             ? "The compiler needed too much memory for this answer."
                             : "The compiler did not come to an end with this answer.";
        return result;
    }
    const diagnosis error = first_error(tool.err, answer_file);
    result.summary = error.message.empty() ? "The compiler failed." : error.message;
    result.where = error.where;
    result.evidence = error.message.empty() ? tool.err.substr(0, 2000) : error.excerpt;
    if (error.errors > 1) {
        result.evidence +=
            fmt::format("({} more error{} follow{}; the first is the one to mend.)\n",
                        error.errors - 1, error.errors > 2 ? "s" : "", error.errors > 2 ? "" : "s");
    }
    return result;
}

}  // namespace

built_answer build_answer(const recipe& how, const lesson& what, const answer& whose,
                          const fs::path& folder, bool explore, std::stop_token stop) {
    built_answer built;
    built.result.which = stage::build;
    if (!fs::exists(whose.file)) {
        throw course_error(fmt::format("There is no {}.", whose.file.string()));
    }
    write_forwarding_header(folder / what.file, whose.file);
    const fs::path object = folder / "check.o";
    const fs::path program = folder / "check";
    const fs::path explored = folder / "explored";

    // What a tool says, as a result; whether the build can go on.
    const auto conclude = [&](const run_result& tool, stage_result& result) {
        const double seconds = result.seconds + std::chrono::duration<double>(tool.wall).count();
        const bool ok = tool.ended == ending::exited && tool.status == 0;
        built.cancelled = built.cancelled || tool.ended == ending::cancelled;
        if (!ok && !built.cancelled) result = failed_build(tool, whose.file, folder);
        result.seconds = seconds;
        return ok;
    };
    const auto start = [&](std::vector<std::string> arguments) {
        return run(compiler_command(how, std::move(arguments)), stop);
    };

    const bool measured = what.points.contains(stage::speedup);
    const run_result compiled = start(how.compile(what.check, folder, object, measured));
    if (!conclude(compiled, built.result)) {
        built.stale_parts = !built.cancelled && precompiled_header_is_stale(compiled.err);
        if (built.stale_parts) {
            built.result.result = outcome::infrastructure;
            built.result.why = {};
            built.result.summary =
                "Headers of this machine have changed since the suite's parts were built of them. "
                "Run it again.";
        }
        return built;
    }

    std::future<run_result> other_link;
    if (explore && how.explores()) {
        other_link = std::async(std::launch::async, start, how.link_explored(object, explored));
    }
    const bool linked = conclude(start(how.link(object, program)), built.result);
    if (other_link.valid() && conclude(other_link.get(), built.explored_result)) {
        built.explored = explored;
    }
    if (!linked) return built;

    built.program = program;
    built.result.result = outcome::passed;
    if (explore && !how.explores()) built.explored = program;
    if (!built.explored.empty()) built.explored_result.result = outcome::passed;
    const diagnosis warning = first_warning(compiled.err, whose.file);
    if (warning.warnings > 0 && warning.where && warning.where->file == whose.file) {
        built.result.summary = fmt::format("The compiler warns: {}", warning.message);
        built.result.where = warning.where;
        built.result.evidence = warning.excerpt;
    } else {
        built.result.summary = "It compiles.";
    }
    return built;
}

}  // namespace interleave
