// A small herd to begin from, in a language of choice, with the scenario that drives it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

enum class HerdLanguage { kPython, kNode };

struct NewFile {
  std::string_view name;
  std::string_view text;
};

// Returns the files of the herd, byte for byte as the source tree has them.
const std::vector<NewFile>& new_herd_files(HerdLanguage language);

// Returns the command that starts one of its servers, for `herdsim try`.
std::string_view new_herd_command(HerdLanguage language);

// Writes the files and the scenario's JSON Schema into a folder, which it makes if there is none.
// Never replaces a file. Returns what went wrong, or an empty string; if it says that a file is
// there, nothing was written.
std::string write_new_herd(HerdLanguage language, const std::filesystem::path& folder);

}  // namespace sim
