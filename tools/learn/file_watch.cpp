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

bool file_watch::was_written() const {
    bool written = false;
#ifdef __linux__
    alignas(inotify_event) char events[4096];
    ssize_t got = 0;
    while (descriptor_ >= 0 && (got = read(descriptor_, events, sizeof events)) > 0) {
        for (ssize_t at = 0; at < got;) {
            const auto* event = reinterpret_cast<const inotify_event*>(events + at);
            at += static_cast<ssize_t>(sizeof *event + event->len);
            written = written || ((event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 &&
                                  event->len > 0 && file_.filename() == event->name);
        }
    }
#endif
    return written;
}

bool file_watch::changed() {
    // Two saves within one tick of the file system's clock may leave the same stamp.
    const bool written = was_written();
    const auto now = look(file_);
    if (now == seen_ && !written) return false;
    seen_ = now;
    return true;
}

}  // namespace interleave
