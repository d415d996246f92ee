#include "runner/process_channel.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "runner/process.hpp"

namespace interleave {

void cannot(const std::string& what, int error) {
    throw process_error("Cannot " + what + ": " + std::strerror(error) + ".");
}

descriptor above_the_standard_ones(int number) {
    const descriptor low(number);
    const int high = fcntl(number, F_DUPFD_CLOEXEC, 10);
    if (high < 0) cannot("open a channel to a new process", errno);
    return descriptor(high);
}

channel open_channel() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) cannot("open a channel to a new process", errno);
    descriptor second(ends[1]);
    channel made{above_the_standard_ones(ends[0]), {}};
    made.write = above_the_standard_ones(fcntl(second.get(), F_DUPFD_CLOEXEC, 10));
    return made;
}

}  // namespace interleave
