#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace interleave::test {

/// A folder that is gone with everything in it when this goes.
class temporary_folder {
  public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A tiny course without a flaw in a temporary folder: 01-lost-update (counter.hpp) and
/// 02-overdraft (account.hpp). A test spoils what it is about.
class fixture_course {
  public:
    fixture_course();

    const std::filesystem::path& root() const { return folder_.path(); }

    /// Paths are relative to the root. Folders are made as needed.
    void write(const std::filesystem::path&, std::string_view text) const;
    std::string read(const std::filesystem::path&) const;
    void remove(const std::filesystem::path&) const;
    /// Replaces the one occurrence of `from` in a file; throws if there is none.
    void replace(const std::filesystem::path&, std::string_view from, std::string_view to) const;

  private:
    void add_lesson(const std::string& id, const std::string& title, const std::string& type) const;

    temporary_folder folder_;
};

}  // namespace interleave::test
