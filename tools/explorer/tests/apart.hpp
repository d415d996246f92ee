#pragma once

#include <functional>
#include <string>
#include <vector>

#include "corpus.hpp"

namespace corpus {

/// Prints one line of a table: the verdict, what was measured, the program's name.
void print(const char* verdict, const std::string& figures, const program& p);

/// Runs the work on each program in a process of its own, `jobs` of them at a time, so that nothing
/// one program does can spoil another's run; what a process prints comes in one piece when it has
/// ended. Returns for how many the work said false, ended in another way, or took more than `limit`
/// seconds of processor time; in the last two cases it also prints why.
int apart(const std::vector<program>& programs, int jobs, int limit,
          const std::function<bool(const program&)>& work);

}  // namespace corpus
