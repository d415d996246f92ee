#pragma once
#include <unistd.h>

#include <string>
#include <utility>

namespace interleave {

/// A file descriptor that is closed with its owner.
class descriptor {
  public:
    descriptor() = default;
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        reset();
        number_ = std::exchange(other.number_, -1);
        return *this;
    }
    ~descriptor() { reset(); }
    void reset() {
        if (number_ >= 0) close(number_);
        number_ = -1;
    }
    int get() const { return number_; }

  private:
    int number_ = -1;
};

/// Throws the process_error "Cannot WHAT: REASON." for an errno.
[[noreturn]] void cannot(const std::string& what, int error);

/// The same file under a number above those that the command's own streams get, also where this
/// process has closed its own. Close-on-exec.
descriptor above_the_standard_ones(int number);

/// A pipe.
struct channel {
    descriptor read;
    descriptor write;
};

channel open_channel();

}  // namespace interleave
