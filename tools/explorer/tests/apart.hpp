#pragma once

#include <functional>
#include <string>

#include "corpus.hpp"

namespace corpus {

/// Prints one line of a table: the verdict, what was measured, the program's name.
void print(const char* verdict, const std::string& figures, const program& p);

/// Runs the work in a process of its own, so that nothing one program does can spoil another's
/// run. False when the work says so, ends in another way, or takes more than `limit` seconds of
/// processor time; in the last two cases it also prints why.
bool apart(const program& p, int limit, const std::function<bool()>& work);

}  // namespace corpus
