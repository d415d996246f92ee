#include "verdict/source_line.hpp"

#include <fstream>

namespace interleave {

std::string source_line(const std::filesystem::path& file, int number) {
    std::ifstream in(file);
    std::string line;
    for (int i = 0; i < number; ++i) {
        if (!std::getline(in, line)) return {};
    }
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos) return {};
    return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace interleave
