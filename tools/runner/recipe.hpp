#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace interleave {

/// A preset is not ready to build answers with: not configured, or its parts did not build.
struct preset_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// How a preset compiles and links a check, as CMake would: read from the recipe.json and
/// compile_commands.json that CMake wrote, so that the flags have one home.
class recipe {
  public:
    /// Throws preset_error when the build folder holds no usable recipe.
    explicit recipe(const std::filesystem::path& build_folder);

    /// The command that compiles `source` against the answer in `include_folder`; `measured`: times
    /// will be taken of the program, so that it has to be optimized.
    std::vector<std::string> compile(const std::filesystem::path& source,
                                     const std::filesystem::path& include_folder,
                                     const std::filesystem::path& object,
                                     bool measured = false) const;

    /// The command that links `object` with the prebuilt parts.
    std::vector<std::string> link(const std::filesystem::path& object,
                                  const std::filesystem::path& program) const;

    /// The command that links the same object with the explorer in place of the sanitizer's
    /// runtime; empty where the explorer is not ported.
    std::vector<std::string> link_explored(const std::filesystem::path& object,
                                           const std::filesystem::path& program) const;

    /// The command that compiles a source of somebody's own program, C++ or, named so, C, for the
    /// explorer.
    std::vector<std::string> compile_program(const std::filesystem::path& source,
                                             const std::filesystem::path& object) const;

    /// The command that links such a program with the explorer, or with its stand-in on real
    /// threads where it is not ported; `whole`: its main() is what is explored.
    std::vector<std::string> link_program(const std::vector<std::filesystem::path>& objects,
                                          const std::filesystem::path& program, bool whole) const;

    /// Relative names in the commands are meant from here.
    const std::filesystem::path& directory() const { return directory_; }

    /// A check without a case: whether it starts shows whether the sanitizer works on this machine.
    const std::filesystem::path& probe() const { return probe_; }

    /// Whether the explorer can be linked: it has a port to this machine, and is switched on.
    bool explores() const { return !explored_libraries_.empty(); }

    /// A program that the explorer must find wrong, built where explores().
    std::filesystem::path explorer_probe() const { return directory_ / "bin" / "explorer_probe"; }

    const std::string& compiler() const { return compiler_; }
    const std::string& compiler_name() const { return compiler_name_; }
    const std::string& sanitizer() const { return sanitizer_; }

  private:
    std::filesystem::path directory_;
    std::filesystem::path probe_;
    std::string compiler_;
    std::string compiler_name_;  ///< "Clang 14.0.6"
    std::string sanitizer_;
    std::vector<std::string> flags_;
    std::vector<std::string> measured_flags_;
    std::vector<std::string> link_options_;
    std::vector<std::string> libraries_;
    std::vector<std::string> explored_libraries_;
    std::string explorer_include_;
    std::string explorer_library_;
    std::vector<std::string> whole_program_;  ///< What links a main() as the body.
};

}  // namespace interleave
