#pragma once
#include <sys/types.h>

#include <cstdio>

namespace interleave {

/// Whether a thread of this process sleeps in the kernel: it neither runs nor waits for a
/// processor, however busy the machine. False when that cannot be read. Any thread.
inline bool asleep(pid_t thread) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/self/task/%d/stat", static_cast<int>(thread));
    std::FILE* file = std::fopen(path, "re");
    if (file == nullptr) return false;
    // "4711 (name) S ...": the name is the program's and may hold anything but 16 characters more.
    char text[128];
    const std::size_t size = std::fread(text, 1, sizeof text, file);
    std::fclose(file);
    for (std::size_t i = size; i-- > 2;) {
        if (text[i - 2] == ')' && text[i - 1] == ' ') return text[i] == 'S';
    }
    return false;
}

}  // namespace interleave
