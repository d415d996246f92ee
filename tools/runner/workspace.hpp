#pragma once
#include <filesystem>

namespace interleave {

/// A folder for one run's products, gone with the object. Folders that a killed process left behind
/// are removed when the next workspace is made beside them.
class workspace {
  public:
    /// Throws process_error when no folder can be made.
    explicit workspace(const std::filesystem::path& parent);
    workspace(const workspace&) = delete;
    workspace& operator=(const workspace&) = delete;
    ~workspace();

    const std::filesystem::path& folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

}  // namespace interleave
