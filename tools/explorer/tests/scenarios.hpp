#pragma once

#include <functional>
#include <string>
#include <vector>

#include "interleave/explore.hpp"

/// A small concurrent program and what the explorer must say of it.
struct scenario {
    std::string name;
    std::vector<interleave::failure> expected;  ///< any of these; empty: it is correct
    std::function<void()> body;
    interleave::options how;
};

std::vector<scenario> broken_scenarios();
std::vector<scenario> correct_scenarios();
std::vector<scenario> misbehaving_scenarios();
