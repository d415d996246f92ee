#pragma once
#include <filesystem>

namespace interleave {

/// A lock between processes, on a file that is made where there is none; for std::lock_guard and
/// std::unique_lock. Let go of when its process ends in any way. On a file system without locks it
/// is always had. One thread.
class file_lock {
  public:
    /// Throws std::filesystem::filesystem_error where the file cannot be opened for writing.
    explicit file_lock(const std::filesystem::path& file);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

    void lock();
    bool try_lock();
    void unlock();

  private:
    int number_;
};

}  // namespace interleave
