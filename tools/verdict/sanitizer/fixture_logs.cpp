#include "fixture_logs.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

namespace interleave {

namespace fs = std::filesystem;

std::vector<std::string> fixture_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(SANITIZER_FIXTURES)) {
        names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string fixture_log(std::string_view name) {
    std::ifstream file(fs::path(SANITIZER_FIXTURES) / (std::string(name) + ".log"));
    INFO("fixture " << name);
    REQUIRE(file.is_open());
    std::string log{std::istreambuf_iterator<char>(file), {}};
    constexpr std::string_view neutral = "/course/";
    const std::string real = std::string(SANITIZER_COURSE) + "/";
    for (auto at = log.find(neutral); at != std::string::npos; at = log.find(neutral, at)) {
        log.replace(at, neutral.size(), real);
        at += real.size();
    }
    return log;
}

sanitizer_report fixture_report(std::string_view name) {
    const auto reports = parse_sanitizer_log(fixture_log(name));
    INFO("fixture " << name);
    REQUIRE(reports.size() == 1);
    return reports.front();
}

digest_options options_for(std::string_view file) {
    return {SANITIZER_COURSE, {fs::path(SANITIZER_COURSE) / file}, 100};
}

std::string fixture_digest(std::string_view name, std::string_view answer) {
    return digest(parse_sanitizer_log(fixture_log(name)), options_for(answer));
}

}  // namespace interleave
