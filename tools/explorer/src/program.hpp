#pragma once

namespace interleave::detail {

/// Explores the program's own main() and prints the report. Returns the status to end with: 0 when
/// nothing was found, 1 when something was, 2 when the exploration was not possible.
int explore_program(int argc, char** argv);

}  // namespace interleave::detail
