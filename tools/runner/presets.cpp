#include "runner/presets.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

#include "course/file_lock.hpp"
#include "runner/diagnostics.hpp"
#include "runner/process.hpp"
#include "runner/sanitizer_environment.hpp"
#include "verdict/sanitizer/report.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// The last lines of a tool's output: where build tools say what went wrong.
std::string tail(const std::string& text, int lines) {
    std::size_t at = text.size();
    while (lines-- > 0 && at != std::string::npos && at > 0) at = text.rfind('\n', at - 1);
    return at == std::string::npos || at == 0 ? text : text.substr(at + 1);
}

/// Whether the checkout that this folder was configured for has moved away since.
bool is_left_behind(const fs::path& folder) {
    constexpr std::string_view key = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    std::ifstream cache(folder / "CMakeCache.txt");
    for (std::string line; std::getline(cache, line);) {
        if (line.starts_with(key)) {
            return !fs::exists(fs::path(line.substr(key.size())) / "CMakeLists.txt");
        }
    }
    return true;
}

/// The build system makes a precompiled header again when its source is newer.
void touch_sources_of_older(const fs::path& folder, fs::file_time_type since) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const fs::path& header = entry.path();
        if (header.extension() != ".pch" || entry.last_write_time() > since) continue;
        fs::path source = header;
        fs::last_write_time(source.replace_extension(), fs::file_time_type::clock::now());
    }
}

bool succeeded(const run_result& tool) {
    return tool.ended == ending::exited && tool.status == 0;
}

run_result run_tool(command tool, const std::stop_token& stop) {
    tool.wall_limit = std::chrono::minutes(30);
    tool.cpu_limit = std::chrono::minutes(30);
    tool.idle_limit = std::chrono::minutes(10);
    run_result result = run(tool, stop);
    if (result.ended == ending::cancelled) throw preset_error("Stopped.");
    return result;
}

void must_succeed(const run_result& tool, const std::string& what) {
    if (succeeded(tool)) return;
    throw preset_error(fmt::format("{} failed:\n{}", what, tail(tool.out + tool.err, 15)));
}

}  // namespace

presets::presets(fs::path root, fs::path builds)
    : root_(std::move(root)), builds_(std::move(builds)) {}

presets::entry& presets::find(const std::string& preset) {
    std::lock_guard lock(mutex_);
    return entries_[preset];
}

void presets::wait_for(file_lock& other_processes, const std::string& preset,
                       const std::stop_token& stop) const {
    for (bool told = false; !other_processes.try_lock(); told = true) {
        if (stop.stop_requested()) throw preset_error("Stopped.");
        if (!told && progress) {
            progress(fmt::format("Waiting for another process that builds the {} parts", preset));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // flock() cannot be stopped
    }
}

void presets::prepare(const std::string& preset, const std::stop_token& stop,
                      std::optional<fs::file_time_type> since) {
    const fs::path folder = builds_ / preset;
    // Two builds in one folder would damage each other.
    std::optional<file_lock> other_processes;
    try {
        fs::create_directories(builds_);
        other_processes.emplace(builds_ / (preset + ".lock"));
    } catch (const fs::filesystem_error&) {
        // It cannot be written, so nobody builds in it.
    }
    if (other_processes) wait_for(*other_processes, preset, stop);
    if (!fs::exists(folder / "recipe.json") || !fs::exists(folder / "build.ninja") ||
        is_left_behind(folder)) {
        if (progress) progress(fmt::format("Configuring the {} build", preset));
        const command configure{
            .arguments = {"cmake", "--fresh", "--preset", preset, "-B", folder.string()},
            .directory = root_};
        must_succeed(run_tool(configure, stop), fmt::format("Configuring the {} preset", preset));
    }
    if (since) touch_sources_of_older(folder / "checks", *since);
    if (since || !fs::exists(folder / "bin" / "recipe")) {
        if (progress) progress(fmt::format("Building the {} parts", preset));
    }
    const command build{.arguments = {"cmake", "--build", folder.string(), "--target", "parts"}};
    run_result built = run_tool(build, stop);
    if (!succeeded(built) && precompiled_header_is_stale(built.out + '\n' + built.err)) {
        touch_sources_of_older(folder / "checks", fs::file_time_type::clock::now());
        built = run_tool(build, stop);
    }
    must_succeed(built, fmt::format("Building the parts of the {} preset", preset));
}

const recipe& presets::get(const std::string& preset, const std::stop_token& stop) {
    entry& found = find(preset);
    std::lock_guard lock(found.mutex);
    if (!found.ready) {
        prepare(preset, stop);
        found.ready = std::make_unique<recipe>(builds_ / preset);
    }
    return *found.ready;
}

void presets::renew(const std::string& preset, fs::file_time_type since,
                    const std::stop_token& stop) {
    entry& found = find(preset);
    std::lock_guard lock(found.mutex);
    prepare(preset, stop, since);
}

const presets::environment& presets::probe(const std::string& preset) {
    const recipe& how = get(preset);
    entry& found = find(preset);
    std::lock_guard lock(found.mutex);
    if (found.probed) return *found.probed;
    auto seen = std::make_unique<environment>();
    if (!how.sanitizer().empty()) {
        command hello{.arguments = {how.probe().string(), "--list-tests"}};
        hello.environment = sanitizer_environment(how.sanitizer(), {});
        const auto starts = [&] {
            const run_result result = run(hello);
            if (result.ended == ending::exited && result.status == 0) return true;
            seen->complaint = tail(result.err, 4);
            return false;
        };
        seen->works = starts();
        if (!seen->works) {
            hello.address_space_randomised = seen->address_space_randomised = false;
            seen->works = starts();
        }
    }
    found.probed = std::move(seen);
    return *found.probed;
}

std::string preset_of(stage which, bool gcc) {
    if (which == stage::lifetime) return "asan";  // there is one, clang's
    const std::string preset =
        which == stage::race || which == stage::interleavings ? "tsan" : "default";
    return gcc ? "gcc-" + preset : preset;
}

}  // namespace interleave
