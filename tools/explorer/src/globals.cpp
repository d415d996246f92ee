#include "globals.hpp"

#include <link.h>
#include <pthread.h>

#include "runtime.hpp"

extern "C" {
extern char __start_interleave_keep, __stop_interleave_keep;
}

namespace interleave::detail {
namespace {

struct range {
    char* begin;
    std::size_t size;
    char* saved;
};
struct remembered {
    range ranges[8];
    int count = 0;
    char* copy = nullptr;
    std::size_t copy_size = 0;
    const char* stack_end = nullptr;
};
INTERLEAVE_KEEP remembered r;

void add(char* begin, char* end) {
    if (begin >= end || r.count == 8) return;
    r.ranges[r.count++] = {begin, static_cast<std::size_t>(end - begin), nullptr};
}

int find_ranges(dl_phdr_info* info, std::size_t, void*) {
    char* relro_begin = nullptr;
    char* relro_end = nullptr;
    for (int i = 0; i < info->dlpi_phnum; ++i)
        if (const auto& header = info->dlpi_phdr[i]; header.p_type == PT_GNU_RELRO) {
            relro_begin = reinterpret_cast<char*>(info->dlpi_addr + header.p_vaddr);
            relro_end = relro_begin + header.p_memsz;
            relro_end = reinterpret_cast<char*>(
                (reinterpret_cast<std::uintptr_t>(relro_end) + 4095) & ~4095ul);
        }
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_LOAD || !(header.p_flags & PF_W)) continue;
        char* begin = reinterpret_cast<char*>(info->dlpi_addr + header.p_vaddr);
        char* end = begin + header.p_memsz;
        if (relro_begin <= begin && begin < relro_end) begin = relro_end;
        char* const keep = &__start_interleave_keep;
        char* const keep_end = &__stop_interleave_keep;
        if (keep >= begin && keep < end) {
            add(begin, keep);
            add(keep_end, end);
        } else {
            add(begin, end);
        }
    }
    return 1;
}

}  // namespace

void globals_remember() {
    r.count = 0;
    dl_iterate_phdr(find_ranges, nullptr);
    std::size_t total = 0;
    for (int i = 0; i < r.count; ++i) total += r.ranges[i].size;
    if (r.copy) munmap(r.copy, r.copy_size);
    r.copy_size = total + 4096;
    r.copy = static_cast<char*>(
        mmap(nullptr, r.copy_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    char* at = r.copy;
    for (int i = 0; i < r.count; ++i) {
        r.ranges[i].saved = at;
        copy_bytes(at, r.ranges[i].begin, r.ranges[i].size);
        at += r.ranges[i].size;
    }
    pthread_attr_t attributes;
    void* stack = nullptr;
    std::size_t size = 0;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &stack, &size);
    pthread_attr_destroy(&attributes);
    r.stack_end = static_cast<const char*>(stack) + size;
}

void globals_restore() noexcept {
    for (int i = 0; i < r.count; ++i)
        copy_bytes(r.ranges[i].begin, r.ranges[i].saved, r.ranges[i].size);
}

void for_each_global_range(void (*visit)(const char*, std::size_t)) {
    for (int i = 0; i < r.count; ++i) visit(r.ranges[i].begin, r.ranges[i].size);
}

const char* stack_end_of_driver() noexcept {
    return r.stack_end;
}

}  // namespace interleave::detail
