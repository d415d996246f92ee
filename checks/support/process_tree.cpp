#include "support/process_tree.hpp"

#if defined(__linux__)
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace interleave {
namespace {

using visitor = function_ref<void(long, long)>;

/// As the kernel lays it out for getdents64().
struct folder_entry {
    std::uint64_t node;
    std::int64_t next;
    unsigned short size;
    unsigned char type;
    char name[1];
};

bool look_at_children(long process, long thread, visitor visit) {
    char path[96];
    std::snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", process, thread);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char text[4096];
    const ssize_t size = ::read(file, text, sizeof text - 1);
    ::close(file);
    if (size < 0 || size == sizeof text - 1) return false;
    text[size] = '\0';
    bool all = true;
    char* rest = text;
    for (long child; (child = std::strtol(rest, &rest, 10)) > 0;) {
        all = for_each_thread_in_tree(child, visit) && all;
    }
    return all;
}

}  // namespace

bool for_each_thread_in_tree(long process, visitor visit) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%ld/task", process);
    const int folder = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    bool all = true;
    alignas(folder_entry) char entries[2048];
    long size = 0;
    while ((size = ::syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size;) {
            const auto* each = reinterpret_cast<const folder_entry*>(entries + at);
            if (const long thread = std::strtol(each->name, nullptr, 10); thread > 0) {
                visit(process, thread);
                all = look_at_children(process, thread, visit) && all;
            }
            at += each->size;
        }
    }
    ::close(folder);
    return all && size == 0;
}

}  // namespace interleave

#else

namespace interleave {

bool for_each_thread_in_tree(long, function_ref<void(long, long)>) {
    return true;
}

}  // namespace interleave

#endif
