#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// The whole file. Throws std::filesystem::filesystem_error.
std::string read_file(const std::filesystem::path&);

/// Replaces `file` so that at any moment, also after a crash of the machine, it holds either what
/// it held or all of `text`: a temporary file beside it is written, flushed and renamed over it. A
/// symbolic link is followed, the permissions of an existing file are kept.
/// Throws std::filesystem::filesystem_error and leaves no temporary file then.
void write_atomically(const std::filesystem::path& file, std::string_view text);

/// Removes the temporary files that killed writers of `file` left beside it. Call it only while no
/// other writer of `file` is at work.
void remove_leftovers(const std::filesystem::path& file);

/// Writes a file that does not exist yet, flushed to disk with its folder. Returns false, and
/// touches nothing, if there is one of that name. Throws std::filesystem::filesystem_error.
bool write_new(const std::filesystem::path& file, std::string_view text);

/// The lines without their line ends, of either kind. A last line needs no line end.
std::vector<std::string> split_lines(std::string_view text);

/// Without spaces, tabs and carriage returns at both ends.
std::string_view trimmed(std::string_view);

}  // namespace interleave
