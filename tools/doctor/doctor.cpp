#include "doctor/doctor.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "learn/check_command.hpp"
#include "runner/process.hpp"
#include "terminal/progress_line.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;
using state = finding_of_doctor::state;

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

finding_of_doctor examine_preset(presets& builds, const std::string& preset,
                                 const std::string& what, const std::stop_token& stop) {
    try {
        const recipe& how = builds.get(preset, stop);
        const auto& environment = builds.probe(preset);
        if (!environment.works) {
            return {.how = state::missing,
                    .what = what,
                    .detail = first_line(environment.complaint),
                    .remedy =
                        "The runtime of the sanitizer does not start. If it speaks of memory "
                        "mappings: sudo sysctl vm.mmap_rnd_bits=28"};
        }
        if (!environment.address_space_randomised) {
            return {.how = state::limited,
                    .what = what,
                    .detail = "works without address-space randomisation, as under setarch -R",
                    .remedy =
                        "Nothing is needed; sudo sysctl vm.mmap_rnd_bits=28 would make the "
                        "workaround unnecessary."};
        }
        return {.what = what,
                .detail = fmt::format("{}, a program was run", how.compiler_name()),
                .remedy = {}};
    } catch (const std::exception& error) {
        return {.how = state::missing,
                .what = what,
                .detail = error.what(),
                .remedy = "tools/interleave setup installs what is missing."};
    }
}

finding_of_doctor examine_tool(const std::string& what, std::vector<std::string> version_command,
                               const std::string& remedy, state when_absent = state::missing) {
    try {
        const run_result result = run({.arguments = std::move(version_command)});
        if (result.ended == ending::exited && result.status == 0) {
            return {.what = what,
                    .detail = first_line(result.out.empty() ? result.err : result.out),
                    .remedy = {}};
        }
        return {
            .how = when_absent, .what = what, .detail = first_line(result.err), .remedy = remedy};
    } catch (const process_error& error) {
        return {.how = when_absent, .what = what, .detail = error.what(), .remedy = remedy};
    }
}

finding_of_doctor examine_explorer(presets& builds, const std::stop_token& stop) {
    const std::string what = "interleavings";
    try {
        const recipe& how = builds.get("tsan", stop);
        if (!how.explores()) {
            return {.how = state::limited,
                    .what = what,
                    .detail = "sampled on real threads, not explored",
                    .remedy =
                        "The explorer is ported to x86-64 Linux only. A wrong answer may pass "
                        "the interleavings stage here."};
        }
        const run_result probe = run({.arguments = {how.explorer_probe().string()}}, stop);
        if (probe.ended == ending::exited && probe.status == 0) {
            return {
                .what = what, .detail = "explored; a planted lost update was found", .remedy = {}};
        }
        return {.how = state::missing,
                .what = what,
                .detail = "the explorer does not find a planted lost update",
                .remedy = fmt::format("{} says: {}", how.explorer_probe().string(),
                                      first_line(probe.err + probe.out))};
    } catch (const std::exception& error) {
        return {.how = state::missing,
                .what = what,
                .detail = error.what(),
                .remedy = "tools/interleave setup installs what is missing."};
    }
}

finding_of_doctor examine_cores() {
    const unsigned all = std::thread::hardware_concurrency();
    unsigned usable = all;
#ifdef __linux__
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
        usable = static_cast<unsigned>(CPU_COUNT(&allowed));
    }
#endif
    if (usable < 2) {
        return {
            .how = state::limited,
            .what = "cores",
            .detail = fmt::format("1 of {} may be used", all),
            .remedy = "Every verdict is reached on one core too; only speedups cannot be shown."};
    }
    return {.what = "cores", .detail = fmt::format("{}", usable), .remedy = {}};
}

/// The versions that CMake found when the default preset was configured.
void examine_libraries(const fs::path& build, std::vector<finding_of_doctor>& found) {
    std::ifstream in(build / "recipe.json");
    const auto description = nlohmann::json::parse(in, nullptr, false);
    for (const char* library : {"catch2_version", "curl_version"}) {
        const bool known = description.is_object() && description.contains(library) &&
                           description[library].is_string() && description[library] != "";
        found.push_back(
            {.how = known ? state::good : state::missing,
             .what = std::string_view(library) == "catch2_version" ? "Catch2" : "libcurl",
             .detail = known ? description[library].get<std::string>() : "not found by CMake",
             .remedy = known ? "" : "tools/interleave setup installs what is missing."});
    }
}

}  // namespace

std::vector<finding_of_doctor> examine(runner& judge, const std::stop_token& stop) {
    presets& builds = judge.builds();
    const std::string setup = "tools/interleave setup installs what is missing.";
    std::vector<finding_of_doctor> found;
    found.push_back(examine_tool("clang++", {"clang++", "--version"}, setup));
    found.push_back(examine_tool(
        "g++", {"g++", "--version"},
        "Only `races --compiler gcc` and the gcc presets need it. " + setup, state::limited));
    found.push_back(examine_tool("cmake", {"cmake", "--version"}, setup));
    found.push_back(examine_tool("ninja", {"ninja", "--version"}, setup));
    found.push_back(examine_preset(builds, "default", "plain checks", stop));
    found.push_back(examine_preset(builds, "tsan", "ThreadSanitizer, clang", stop));
    found.push_back(examine_explorer(builds, stop));
    found.push_back(examine_preset(builds, "asan", "AddressSanitizer, clang", stop));
    found.push_back(examine_preset(builds, "gcc-tsan", "ThreadSanitizer, gcc", stop));
    if (found.back().how == state::missing) found.back().how = state::limited;
    examine_libraries(builds.folder() / "default", found);
    found.push_back(
        examine_tool("loopback server",
                     {(builds.folder() / "default" / "bin" / "loopback_server").string(), "--help"},
                     "cmake --build build/default --target loopback_server builds it."));
    found.push_back(examine_tool("symbolizer", {"addr2line", "--version"},
                                 "Without binutils the lines of a hang or crash are not named.",
                                 state::limited));
    found.push_back(examine_cores());
    return found;
}

int doctor_command(runner& judge, bool json, const std::stop_token& stop) {
    const style look = style::of(stdout);
    progress_line line(look);
    if (!json) {
        judge.builds().progress = [&](const std::string& step) { line.show(step + " ..."); };
    }
    const auto found = examine(judge, stop);
    line.clear();
    if (stop.stop_requested()) return exit_interrupted;
    bool all_there = true;
    nlohmann::json records = nlohmann::json::array();
    for (const auto& each : found) {
        all_there = all_there && each.how != state::missing;
        const char* how = each.how == state::good      ? "ok"
                          : each.how == state::limited ? "limited"
                                                       : "missing";
        records.push_back({{"what", each.what},
                           {"state", how},
                           {"detail", each.detail},
                           {"remedy", each.remedy}});
        if (json) continue;
        const std::string word = fmt::format("{:<8}", how);
        line.print(fmt::format("  {} {:<24} {}",
                               each.how == state::good      ? look.good(word)
                               : each.how == state::limited ? look.unsure(word)
                                                            : look.bad(word),
                               each.what, each.detail));
        if (!each.remedy.empty()) line.print(fmt::format("{:>36}{}", "", each.remedy));
    }
    if (json) {
        line.print(records.dump(2));
    } else {
        line.print(all_there ? "Everything a verdict depends on works here."
                             : "Something a verdict depends on is missing.");
    }
    return all_there ? exit_passed : exit_machine;
}

}  // namespace interleave
