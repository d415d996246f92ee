// The string functions that a program calls: they read and write its memory as much as its own
// code does, and what they are given may have been freed or be written by another thread.

#include <cstddef>

#include "memory.hpp"
#include "race.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

using namespace interleave::detail;

extern "C" void* __libc_malloc(std::size_t);

namespace {

void watch(const void* memory, std::size_t size, access_kind kind, std::uintptr_t pc) {
    if (!rt.active || !in_program(pc)) return;
    plain_range(reinterpret_cast<std::uintptr_t>(memory), size, kind, pc);
}
void reads(const void* memory, std::size_t size, std::uintptr_t pc) {
    watch(memory, size, access_read, pc);
}
void writes(const void* memory, std::size_t size, std::uintptr_t pc) {
    watch(memory, size, access_write, pc);
}

std::size_t length(const char* s, std::size_t most = ~std::size_t{0}) {
    std::size_t n = 0;
    while (n < most && s[n]) ++n;
    return n;
}
/// How many characters decide the comparison, and how.
int compare(const char* a, const char* b, std::size_t most, std::size_t& looked_at) {
    for (std::size_t i = 0; i < most; ++i) {
        const auto x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[i]);
        looked_at = i + 1;
        if (x != y) return x < y ? -1 : 1;
        if (!x) return 0;
    }
    return 0;
}

}  // namespace

#define PC INTERLEAVE_CALLER

// Freed memory must be noticed before it is read, hence the look at the first character.
extern "C" {

std::size_t strlen(const char* s) noexcept {
    reads(s, 1, PC);
    const std::size_t n = length(s);
    reads(s, n + 1, PC);
    return n;
}
std::size_t strnlen(const char* s, std::size_t most) noexcept {
    reads(s, most ? 1 : 0, PC);
    const std::size_t n = length(s, most);
    reads(s, n < most ? n + 1 : n, PC);
    return n;
}
char* strcpy(char* to, const char* from) noexcept {
    reads(from, 1, PC);
    const std::size_t size = length(from) + 1;
    reads(from, size, PC);
    writes(to, size, PC);
    copy_bytes(to, from, size);
    return to;
}
char* stpcpy(char* to, const char* from) noexcept {
    reads(from, 1, PC);
    const std::size_t size = length(from) + 1;
    reads(from, size, PC);
    writes(to, size, PC);
    copy_bytes(to, from, size);
    return to + size - 1;
}
char* strncpy(char* to, const char* from, std::size_t size) noexcept {
    reads(from, size ? 1 : 0, PC);
    const std::size_t n = length(from, size);
    reads(from, n < size ? n + 1 : n, PC);
    writes(to, size, PC);
    copy_bytes(to, from, n);
    zero_bytes(to + n, size - n);
    return to;
}
char* strcat(char* to, const char* from) noexcept {
    reads(to, 1, PC);
    reads(from, 1, PC);
    const std::size_t before = length(to), size = length(from) + 1;
    reads(to, before + 1, PC);
    reads(from, size, PC);
    writes(to + before, size, PC);
    copy_bytes(to + before, from, size);
    return to;
}
char* strncat(char* to, const char* from, std::size_t most) noexcept {
    reads(to, 1, PC);
    reads(from, most ? 1 : 0, PC);
    const std::size_t before = length(to), n = length(from, most);
    reads(to, before + 1, PC);
    reads(from, n < most ? n + 1 : n, PC);
    writes(to + before, n + 1, PC);
    copy_bytes(to + before, from, n);
    to[before + n] = 0;
    return to;
}
int strcmp(const char* a, const char* b) noexcept {
    reads(a, 1, PC);
    reads(b, 1, PC);
    std::size_t looked_at = 0;
    const int order = compare(a, b, ~std::size_t{0}, looked_at);
    reads(a, looked_at, PC);
    reads(b, looked_at, PC);
    return order;
}
int strncmp(const char* a, const char* b, std::size_t most) noexcept {
    reads(a, most ? 1 : 0, PC);
    reads(b, most ? 1 : 0, PC);
    std::size_t looked_at = 0;
    const int order = compare(a, b, most, looked_at);
    reads(a, looked_at, PC);
    reads(b, looked_at, PC);
    return order;
}
int memcmp(const void* left, const void* right, std::size_t size) noexcept {
    reads(left, size, PC);
    reads(right, size, PC);
    const auto* a = static_cast<const unsigned char*>(left);
    const auto* b = static_cast<const unsigned char*>(right);
    for (std::size_t i = 0; i < size; ++i)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}
char* strdup(const char* s) noexcept {
    reads(s, 1, PC);
    const std::size_t size = length(s) + 1;
    reads(s, size, PC);
    void* const copy =
        rt.active && in_program(PC) ? arena_allocate(size, 16, PC) : __libc_malloc(size);
    if (!copy) return nullptr;
    writes(copy, size, PC);
    copy_bytes(copy, s, size);
    return static_cast<char*>(copy);
}

// Overloaded in C++, hence the labels.
char* first_of(const char* s, int wanted) asm("strchr");
char* last_of(const char* s, int wanted) asm("strrchr");
void* first_byte(const void* memory, int wanted, std::size_t size) asm("memchr");

char* first_of(const char* s, int wanted) {
    reads(s, 1, PC);
    const auto c = static_cast<char>(wanted);
    std::size_t at = 0;
    while (s[at] && s[at] != c) ++at;
    reads(s, at + 1, PC);
    return s[at] == c ? const_cast<char*>(s) + at : nullptr;
}
char* last_of(const char* s, int wanted) {
    reads(s, 1, PC);
    const auto c = static_cast<char>(wanted);
    const std::size_t size = length(s) + 1;
    reads(s, size, PC);
    for (std::size_t at = size; at-- > 0;)
        if (s[at] == c) return const_cast<char*>(s) + at;
    return nullptr;
}
void* first_byte(const void* memory, int wanted, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(memory);
    const auto c = static_cast<unsigned char>(wanted);
    reads(bytes, size ? 1 : 0, PC);
    std::size_t at = 0;
    while (at < size && bytes[at] != c) ++at;
    reads(bytes, at < size ? at + 1 : size, PC);
    return at < size ? const_cast<unsigned char*>(bytes) + at : nullptr;
}

}  // extern "C"
