#pragma once
#include <stdexcept>

namespace interleave {

/// The machine, not the answer, is at fault: a server that cannot be started, a descriptor that
/// cannot be had. A check that throws it is reported as `infrastructure`, never as failed.
struct infrastructure_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace interleave
