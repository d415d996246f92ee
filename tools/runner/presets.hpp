#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "runner/recipe.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

class file_lock;

/// The build folders, one a CMake preset, each with the parts that answers are built from.
/// Any thread.
class presets {
  public:
    /// `root` is the checkout, `builds` the parent of the build folders.
    presets(std::filesystem::path root, std::filesystem::path builds);

    /// The recipe of a preset, configured and its parts built when they are missing or stale.
    /// The first call for a preset may take a minute on a new checkout; `progress` is told before.
    /// Throws preset_error with the tool's own words when that fails.
    const recipe& get(const std::string& preset, const std::stop_token& stop = {});

    /// Makes the parts of a preset again that are older than `since`, and which only a compiler
    /// knows to be out of date: a header that was replaced by one with an earlier date. Nothing may
    /// be built of them meanwhile in this process.
    void renew(const std::string& preset, std::filesystem::file_time_type since,
               const std::stop_token& stop = {});

    /// Whether the sanitizer of a preset starts here, and under which conditions. Asked once.
    struct environment {
        bool works = true;
        bool address_space_randomised = true;  ///< false: only as under `setarch -R`.
        std::string complaint;                 ///< !works: what the runtime said.
    };
    const environment& probe(const std::string& preset);

    const std::filesystem::path& folder() const { return builds_; }

    /// Told, from any thread, which long step is about to begin: "Building the tsan parts".
    std::function<void(const std::string&)> progress;

  private:
    struct entry {
        std::mutex mutex;
        std::unique_ptr<recipe> ready;        // guarded by mutex
        std::unique_ptr<environment> probed;  // guarded by mutex
    };
    entry& find(const std::string& preset);
    void wait_for(file_lock& other_processes, const std::string& preset,
                  const std::stop_token& stop) const;
    void prepare(const std::string& preset, const std::stop_token& stop,
                 std::optional<std::filesystem::file_time_type> since = {});

    const std::filesystem::path root_;
    const std::filesystem::path builds_;
    std::mutex mutex_;
    std::map<std::string, entry> entries_;  // guarded by mutex_; entries stay where they are
};

/// The preset that a stage is built with: "default", "tsan", "asan", or their gcc counterparts.
std::string preset_of(stage, bool gcc);

}  // namespace interleave
