#include "output_guard.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "arch.hpp"

namespace interleave::detail {
namespace {
constexpr off_t most_output = 16 << 10;
}

void release_streams() noexcept {
    // glibc's lock of a stream: a word, a count, an owner.
    for (FILE* stream : {stdin, stdout, stderr})
        zero_bytes(stream->_lock, sizeof(int) * 2 + sizeof(void*));
}

output_guard::output_guard() {
    std::fflush(nullptr);
    file_ = memfd_create("interleave-output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file_ < 0) return;
    // Writes beyond this fail: a flood costs nothing.
    if (ftruncate(file_, most_output) == 0) fcntl(file_, F_ADD_SEALS, F_SEAL_GROW);
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
    lseek(file_, 0, SEEK_SET);
}

std::string output_guard::text() {
    std::fflush(nullptr);
    if (file_ < 0) return {};
    std::string read(static_cast<std::size_t>(lseek(file_, 0, SEEK_CUR)), '\0');
    const ssize_t size = pread(file_, read.data(), read.size(), 0);
    read.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return read;
}

}  // namespace interleave::detail
