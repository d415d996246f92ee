#include "course/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace interleave {

file_lock::file_lock(const std::filesystem::path& file)
    : number_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (number_ < 0) {
        throw std::filesystem::filesystem_error("cannot open", file,
                                                std::error_code(errno, std::generic_category()));
    }
}

file_lock::~file_lock() {
    ::close(number_);
}

void file_lock::lock() {
    while (::flock(number_, LOCK_EX) != 0 && errno == EINTR) {
    }
}

bool file_lock::try_lock() {
    return ::flock(number_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void file_lock::unlock() {
    ::flock(number_, LOCK_UN);
}

}  // namespace interleave
