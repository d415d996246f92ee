#include "terminal/progress_line.hpp"

#include <cstdio>

#include "terminal/fit.hpp"

namespace interleave {

void progress_line::erase() {
    if (!shown_.empty()) std::fputs("\r\x1b[2K", stdout);
}

void progress_line::show(std::string_view text) {
    if (!style_.terminal()) return;
    std::lock_guard lock(mutex_);
    erase();
    shown_ = fit(text, style_.columns() - 1);
    std::fputs(shown_.c_str(), stdout);
    std::fflush(stdout);
}

void progress_line::clear() {
    std::lock_guard lock(mutex_);
    erase();
    shown_.clear();
    std::fflush(stdout);
}

void progress_line::print(std::string_view line) {
    std::lock_guard lock(mutex_);
    erase();
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
    std::fputs(shown_.c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace interleave
