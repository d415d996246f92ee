#pragma once

#include <string>

namespace interleave::detail {

/// A signal ended an execution inside the C library: the streams that it had locked are unlocked.
void release_streams() noexcept;

/// While it lives, what the process writes to its standard output and error goes to a file in
/// memory: ten thousand executions say the same thing ten thousand times.
class output_guard {
  public:
    output_guard();
    ~output_guard();
    output_guard(const output_guard&) = delete;
    output_guard& operator=(const output_guard&) = delete;

    void forget();                     ///< what was written so far
    [[nodiscard]] std::string text();  ///< what was written since, the first 16 KiB of it

  private:
    int file_ = -1, out_ = -1, error_ = -1;
};

}  // namespace interleave::detail
