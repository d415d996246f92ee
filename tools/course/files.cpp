#include "course/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace interleave {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* what, const fs::path& where) {
    throw fs::filesystem_error(what, where, std::error_code(errno, std::generic_category()));
}

class descriptor {
  public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }
    /// Closes now, so that an error of it is seen.
    int close() { return ::close(std::exchange(number_, -1)); }

  private:
    int number_;
};

void write_and_flush(descriptor& to, std::string_view text, const fs::path& named) {
    while (!text.empty()) {
        const ssize_t written = ::write(to.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write", named);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(to.get()) != 0) fail("cannot flush", named);
    if (to.close() != 0) fail("cannot close", named);
}

/// Makes the names in a folder durable. Some file systems cannot; the data is safe all the same.
void flush_folder(const fs::path& folder) {
    const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() >= 0) ::fsync(opened.get());
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

std::string temporary_prefix(const fs::path& file) {
    return "." + file.filename().string() + ".";
}

}  // namespace

std::string read_file(const fs::path& file) {
    const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (opened.get() < 0) fail("cannot read", file);
    std::string text;
    char part[16'384];
    for (;;) {
        const ssize_t count = ::read(opened.get(), part, sizeof part);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("cannot read", file);
        if (count == 0) return text;
        text.append(part, static_cast<std::size_t>(count));
    }
}

void write_atomically(const fs::path& file, std::string_view text) {
    const fs::path target = fs::is_symlink(file) ? fs::weakly_canonical(file) : file;
    struct stat existing {};
    const bool exists = ::stat(target.c_str(), &existing) == 0;
    std::string temporary = (folder_of(target) / (temporary_prefix(target) + "XXXXXX")).string();
    descriptor made(::mkostemp(temporary.data(), O_CLOEXEC));
    if (made.get() < 0) fail("cannot create a file in", folder_of(target));
    try {
        const mode_t mode = exists ? existing.st_mode & 07777u : 0644u;
        if (::fchmod(made.get(), mode) != 0) fail("cannot set the permissions of", temporary);
        write_and_flush(made, text, temporary);
        if (::rename(temporary.c_str(), target.c_str()) != 0) fail("cannot replace", target);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    flush_folder(folder_of(target));
}

void remove_leftovers(const fs::path& file) {
    const std::string prefix = temporary_prefix(file);
    for (const auto& entry : fs::directory_iterator(folder_of(file))) {
        const std::string name = entry.path().filename().string();
        if (name.size() == prefix.size() + 6 && name.starts_with(prefix)) {
            std::error_code ignored;
            fs::remove(entry.path(), ignored);
        }
    }
}

bool write_new(const fs::path& file, std::string_view text) {
    descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (made.get() < 0) {
        if (errno == EEXIST) return false;
        fail("cannot create", file);
    }
    try {
        write_and_flush(made, text, file);
    } catch (...) {
        ::unlink(file.c_str());
        throw;
    }
    flush_folder(folder_of(file));
    return true;
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace interleave
