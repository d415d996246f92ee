#include "library_locals.hpp"

#include <cxxabi.h>
#include <link.h>
#include <cerrno>
#include <cstring>
#include <mutex>

namespace interleave::detail {
namespace {

bool is_known(const char* path) {
    const char* const slash = std::strrchr(path, '/');
    const char* const name = slash ? slash + 1 : path;
    for (const char* known : {"libc.so.", "ld-linux", "libstdc++.so.", "libgcc_s.so."})
        if (!std::strncmp(name, known, std::strlen(known))) return true;
    return false;
}

int look_at_object(dl_phdr_info* info, std::size_t, void*) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type == PT_TLS && header.p_memsz && !is_known(info->dlpi_name)) return 1;
    }
    return 0;
}

}  // namespace

library_places find_library_places() noexcept {
    // The C++ ABI has both in __cxa_eh_globals, which it leaves incomplete: a pointer, a count.
    auto* const exceptions = reinterpret_cast<void**>(abi::__cxa_get_globals());
    return {&errno, exceptions, reinterpret_cast<std::size_t*>(exceptions + 1),
            &std::__once_callable, &std::__once_call};
}

bool has_thread_locals() noexcept {
    return dl_iterate_phdr(look_at_object, nullptr) != 0;
}

}  // namespace interleave::detail
