#pragma once
#include <termios.h>

#include <optional>

namespace interleave {

/// Reads single keys from the terminal on standard input, without echo, and gives the terminal back
/// as it was on destruction. Ctrl-C still is a signal. At most one at a time.
class keyboard {
  public:
    keyboard();
    keyboard(const keyboard&) = delete;
    keyboard& operator=(const keyboard&) = delete;
    ~keyboard();

    /// To be polled for input.
    int descriptor() const;

    /// The next key, if one was pressed; '\x04' (end of input) once the terminal is gone. Sequences
    /// of special keys are swallowed; an arrow is told as '<', '>', '^' or 'v'.
    std::optional<char> read();

    /// Takes the terminal again where somebody has changed it since, as a shell does between Ctrl-Z
    /// and fg. Whether that was so: what is shown has to be shown anew.
    bool regain();

  private:
    termios before_{};
    termios raw_{};
    bool changed_ = false;
};

}  // namespace interleave
