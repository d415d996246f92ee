#pragma once

#include "execute.hpp"

namespace interleave::detail {

/// The same failure with as few preemptions and other unusual choices as a greedy search finds;
/// `replays`: how many shorter schedules were tried for that.
[[nodiscard]] execution shrink(execution found, long& replays);
/// True when both fail in the same way, as far as a reader of the message would say.
[[nodiscard]] bool same_failure(const execution& a, const execution& b);

}  // namespace interleave::detail
