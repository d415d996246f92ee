#include "runner/process_arguments.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "runner/process_keeper.hpp"

namespace interleave {

std::vector<std::string> environment_of(const command& what) {
    std::map<std::string, std::string> added(what.environment.begin(), what.environment.end());
    if (what.events) {
        added["INTERLEAVE_EVENTS"] = std::to_string(events_descriptor) +
                                     (what.event_key.empty() ? "" : " " + what.event_key);
    }
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string name(text.substr(0, text.find('=')));
        // The channel of whoever runs this process is not the command's.
        if (!added.contains(name) && name != "INTERLEAVE_EVENTS") all.emplace_back(text);
    }
    for (const auto& [name, value] : added) all.push_back(fmt::format("{}={}", name, value));
    return all;
}

std::string find_program(const std::string& name, const std::vector<std::string>& environment) {
    if (name.find('/') != std::string::npos) return name;
    std::string folders = "/usr/local/bin:/usr/bin:/bin";
    for (const std::string& entry : environment) {
        if (entry.starts_with("PATH=")) folders = entry.substr(5);
    }
    for (std::size_t at = 0; at <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', at), folders.size());
        std::filesystem::path folder = folders.substr(at, end - at);
        std::string candidate = ((folder.empty() ? "." : folder) / name).string();
        if (access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate)) {
            return candidate;
        }
        at = end + 1;
    }
    throw process_error("There is no program \"" + name +
                        "\" in any folder of PATH. Is it installed?");
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace interleave
