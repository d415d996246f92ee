#include "support/census.hpp"

#include <cstdlib>
#include <fstream>

namespace interleave {
namespace {

/// What can be read of it: a thread may end in the middle.
std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    std::getline(file, text, '\0');
    return text;
}

}  // namespace

void census::look_at(const std::string& folder, long thread) {
    const std::string status = contents(folder + "/status");
    const std::string heading = "\nState:\t";
    const std::size_t state = status.find(heading);
    if (state == std::string::npos) {
        asleep = false;
        return;
    }
    const char letter = status[state + heading.size()];
    const bool ended = letter == 'Z' || letter == 'X';
    if (letter != 'S' && !ended) asleep = false;
    const std::size_t counts = status.find("\nvoluntary_ctxt_switches:");
    switches[thread] = counts == std::string::npos ? "" : status.substr(counts);
    // Nanoseconds on a processor, nanoseconds of waiting for one, turns.
    used += std::chrono::nanoseconds(std::atoll(contents(folder + "/schedstat").c_str()));
}

}  // namespace interleave
