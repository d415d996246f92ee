#include "terminal/keyboard.hpp"

#include <unistd.h>

#include <cerrno>

namespace interleave {

keyboard::keyboard() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    raw_ = before_;
    raw_.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw_.c_cc[VMIN] = 0;
    raw_.c_cc[VTIME] = 0;
    changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw_) == 0;
}

bool keyboard::regain() {
    termios now{};
    if (!changed_ || tcgetattr(STDIN_FILENO, &now) != 0) return false;
    const tcflag_t ours = ICANON | ECHO;
    if ((now.c_lflag & ours) == 0 && now.c_cc[VMIN] == 0) return false;
    return tcsetattr(STDIN_FILENO, TCSANOW, &raw_) == 0;
}

keyboard::~keyboard() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

int keyboard::descriptor() const {
    return STDIN_FILENO;
}

std::optional<char> keyboard::read() {
    char key = 0;
    const ssize_t count = ::read(STDIN_FILENO, &key, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return std::nullopt;
    if (count < 0) return '\x04';
    if (count == 0) return std::nullopt;
    if (key != '\x1b') return key;
    char sequence[2];
    if (::read(STDIN_FILENO, sequence, 1) != 1) return key;  // Escape itself
    if (sequence[0] != '[' && sequence[0] != 'O') return std::nullopt;
    while (::read(STDIN_FILENO, &sequence[1], 1) == 1) {
        switch (sequence[1]) {
            case 'A':
                return '^';
            case 'B':
                return 'v';
            case 'C':
                return '>';
            case 'D':
                return '<';
            default:
                break;
        }
        if (sequence[1] >= '@') break;
    }
    return std::nullopt;
}

}  // namespace interleave
