#include "learn/file_watch.hpp"

#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif

namespace interleave {

file_watch::file_watch(std::filesystem::path file) : file_(std::move(file)), seen_(look(file_)) {
#ifdef __linux__
    descriptor_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    // The folder is watched: a file replaced by renaming is another inode.
    if (descriptor_ >= 0 &&
        inotify_add_watch(descriptor_, file_.parent_path().c_str(),
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_MODIFY) < 0) {
        close(descriptor_);
        descriptor_ = -1;
    }
#endif
}

file_watch::~file_watch() {
    if (descriptor_ >= 0) close(descriptor_);
}

std::optional<file_watch::stamp> file_watch::look(const std::filesystem::path& file) {
    struct stat found {};
    if (stat(file.c_str(), &found) != 0) return std::nullopt;
#ifdef __APPLE__
    const timespec& modified = found.st_mtimespec;
#else
    const timespec& modified = found.st_mtim;
#endif
    return stamp{.device = found.st_dev,
                 .inode = found.st_ino,
                 .size = found.st_size,
                 .modified = modified.tv_sec * 1'000'000'000LL + modified.tv_nsec};
}

bool file_watch::changed() {
    if (descriptor_ >= 0) {
        char events[4096];
        while (read(descriptor_, events, sizeof events) > 0) {
        }
    }
    const auto now = look(file_);
    if (now == seen_) return false;
    seen_ = now;
    return true;
}

}  // namespace interleave
