#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace interleave {

/// Notices that a file was saved, in whatever way the editor does it: in place, or by renaming a
/// new file over it. The kernel tells at once where it can (inotify); asking every now and then
/// works everywhere, network mounts included, so `changed` decides and the descriptor only wakes.
class file_watch {
  public:
    explicit file_watch(std::filesystem::path file);
    file_watch(const file_watch&) = delete;
    file_watch& operator=(const file_watch&) = delete;
    ~file_watch();

    /// To be polled for input, or -1: then `changed` is to be asked some times a second.
    int descriptor() const { return descriptor_; }

    /// Whether the file was written, replaced, removed or brought back since the last call.
    bool changed();

    const std::filesystem::path& file() const { return file_; }

  private:
    struct stamp {
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        long long modified = 0;  ///< Nanoseconds since the epoch.
        bool operator==(const stamp&) const = default;
    };
    /// Takes in what the kernel has told since the last call.
    bool was_written() const;
    static std::optional<stamp> look(const std::filesystem::path&);

    std::filesystem::path file_;
    std::optional<stamp> seen_;
    int descriptor_ = -1;
};

}  // namespace interleave
