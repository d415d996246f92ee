#pragma once
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "runner/runner.hpp"

namespace interleave {

/// What `explore` was asked for.
struct explore_request {
    std::vector<std::filesystem::path> sources;  ///< Of one program, in C++ or C (.c).
    std::string schedule;                        ///< Replays this one interleaving instead.
    long executions = 0;                         ///< 0: as the program has it.
    double seconds = 0;                          ///< Of processor time; 0: as the program has it.
    std::string seed;                            ///< Empty: as the program has it.
    std::string strategy;                        ///< Empty: as the program has it.
    bool json = false;
};

/// Builds a program of the user's own and shows what its calls of explore() find; a program without
/// such a call is explored whole, by its main(). Returns the exit status: 0 when nothing was found,
/// 1 when something was, 2 when the program cannot be explored.
int explore_command(const std::filesystem::path& root, runner& judge, const explore_request&,
                    const std::stop_token& stop);

}  // namespace interleave
