#include "terminal/style.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace interleave {

style style::of(std::FILE* stream) {
    const int descriptor = fileno(stream);
    if (isatty(descriptor) == 0) return style();
    const char* no_colour = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        size.ws_col = 100;
        size.ws_row = 40;
    }
    return style((no_colour == nullptr || *no_colour == '\0') && !dumb, !dumb, size.ws_col,
                 size.ws_row);
}

std::string style::painted(std::string_view code, std::string_view text) const {
    if (!colour_ || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace interleave
