#pragma once
#include <filesystem>
#include <string>

namespace interleave {

/// Line `number` (from 1) of a file, without its indentation; empty when there is no such line.
std::string source_line(const std::filesystem::path& file, int number);

}  // namespace interleave
