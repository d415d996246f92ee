#include "global_names.hpp"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>

#include "symbols.hpp"

namespace interleave::detail {
namespace {

/// "lesson::pool<int>::size" as "size".
std::string last_name(const std::string& qualified) {
    int depth = 0;
    for (std::size_t i = qualified.size(); i-- > 0;) {
        const char c = qualified[i];
        if (c == '>' || c == ')') ++depth;
        if (c == '<' || c == '(') --depth;
        if (c == ':' && depth == 0) return qualified.substr(i + 1);
    }
    return qualified;
}

/// The name in the source; empty where the symbol has none, such as a guard's.
std::string demangled(std::string symbol) {
    // A function's static variable may have a number behind its name: "calls.3".
    if (const auto dot = symbol.find('.'); dot != std::string::npos && dot > 0) symbol.resize(dot);
    // A name as short as "x" would be taken for the code of a type.
    if (!symbol.starts_with("_Z")) return symbol;
    int status = 0;
    char* text = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status);
    if (status != 0 || !text) return {};
    std::string name = text;
    std::free(text);
    if (const auto tag = name.find("[abi:"); tag != std::string::npos) name.resize(tag);
    return name;
}

/// The program's own file, of which only what is looked at is read.
class program_file {
  public:
    program_file() {
        const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        struct stat about {};
        if (fstat(file, &about) == 0 && about.st_size > 0) {
            size_ = static_cast<std::size_t>(about.st_size);
            memory_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
        }
        close(file);
    }
    ~program_file() {
        if (memory_ != MAP_FAILED) munmap(memory_, size_);
    }
    program_file(const program_file&) = delete;
    program_file& operator=(const program_file&) = delete;

    /// Empty when it cannot be read.
    std::string_view content() const {
        if (memory_ == MAP_FAILED) return {};
        return {static_cast<const char*>(memory_), size_};
    }

  private:
    void* memory_ = MAP_FAILED;
    std::size_t size_ = 0;
};

/// The part of the file at an offset, if the file has that much.
template <class T>
const T* part(std::string_view file, std::uint64_t offset, std::uint64_t count = 1) {
    if (offset > file.size() || count > (file.size() - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(file.data() + offset);
}

struct symbol {
    std::string name;
    std::size_t size;
};

/// The variables of the program, by their offset from where it is loaded.
std::map<std::uintptr_t, symbol> read_symbols() {
    std::map<std::uintptr_t, symbol> names;
    const program_file program;
    const std::string_view file = program.content();
    const auto* header = part<Elf64_Ehdr>(file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return names;
    const auto* sections = part<Elf64_Shdr>(file, header->e_shoff, header->e_shnum);
    if (!sections) return names;
    for (int i = 0; i < header->e_shnum; ++i) {
        const Elf64_Shdr& table = sections[i];
        if (table.sh_type != SHT_SYMTAB || table.sh_link >= header->e_shnum) continue;
        const std::uint64_t count = table.sh_size / sizeof(Elf64_Sym);
        const auto* symbols = part<Elf64_Sym>(file, table.sh_offset, count);
        const Elf64_Shdr& strings = sections[table.sh_link];
        if (!symbols || !part<char>(file, strings.sh_offset, strings.sh_size)) continue;
        for (std::uint64_t k = 0; k < count; ++k) {
            const Elf64_Sym& each = symbols[k];
            if (ELF64_ST_TYPE(each.st_info) != STT_OBJECT || each.st_name >= strings.sh_size) {
                continue;
            }
            const char* const name = file.data() + strings.sh_offset + each.st_name;
            names.emplace(each.st_value, symbol{name, each.st_size});
        }
    }
    return names;
}

}  // namespace

global_variable global_around(std::uintptr_t address) {
    static const auto names = read_symbols();
    const std::uintptr_t offset = address - load_address();
    auto found = names.upper_bound(offset);
    if (found == names.begin()) return {};
    --found;
    const auto& [begin, variable] = *found;
    if (offset != begin && offset - begin >= variable.size) return {};
    return {last_name(demangled(variable.name)), begin + load_address(), variable.size};
}

}  // namespace interleave::detail
