#include "output_guard.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

namespace interleave::detail {

output_guard::output_guard() {
    std::fflush(nullptr);
    file_ = memfd_create("interleave-output", MFD_CLOEXEC);
    if (file_ < 0) return;
    out_ = dup(STDOUT_FILENO);
    error_ = dup(STDERR_FILENO);
    if (out_ >= 0) dup2(file_, STDOUT_FILENO);
    if (error_ >= 0) dup2(file_, STDERR_FILENO);
}

output_guard::~output_guard() {
    std::fflush(nullptr);
    if (out_ >= 0) dup2(out_, STDOUT_FILENO), close(out_);
    if (error_ >= 0) dup2(error_, STDERR_FILENO), close(error_);
    if (file_ >= 0) close(file_);
}

void output_guard::forget() {
    std::fflush(nullptr);
    if (file_ < 0) return;
    if (ftruncate(file_, 0) == 0) lseek(file_, 0, SEEK_SET);
}

std::string output_guard::text() {
    std::fflush(nullptr);
    std::string read(16 << 10, '\0');
    const ssize_t size = file_ < 0 ? 0 : pread(file_, read.data(), read.size(), 0);
    read.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return read;
}

}  // namespace interleave::detail
