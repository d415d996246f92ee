#pragma once
#include <string_view>

namespace interleave {

/// Shows a measured number to the learner and in the record: `report_measurement("speedup", 3.9,
/// "x")`. Nothing is decided by it. Main thread only.
void report_measurement(std::string_view name, double value, std::string_view unit);

}  // namespace interleave
