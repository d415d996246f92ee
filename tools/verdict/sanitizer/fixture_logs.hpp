#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report.hpp"

namespace interleave {

/// The names of all stored logs, such as "counter.gcc".
std::vector<std::string> fixture_names();

/// A stored log, with the sources' folder where they really are instead of /course.
std::string fixture_log(std::string_view name);

/// The one report of a stored log; the test fails when there is another number of them.
sanitizer_report fixture_report(std::string_view name);

/// Options whose root is the stored sources, and whose answer is `file` inside.
digest_options options_for(std::string_view file);

/// The digest of a stored log.
std::string fixture_digest(std::string_view name, std::string_view answer);

}  // namespace interleave
