// Finds and removes files in a folder by descriptors. Nothing outside the folder is touched, even
// if somebody puts a link in the place of a folder in it meanwhile.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sim {

// A path relative to the folder, and the errno of the call that failed.
struct FolderFileError {
  std::string path;
  int number = 0;
};

// Chooses files by their paths relative to the folder. All that is not a folder is a file here:
// links too. Files of one folder are asked for one after the other.
using ChooseFile = std::function<bool(std::string_view path)>;

// Returns the path of a file for which `chosen` is true; nullopt if there is none. `folder` is an
// open descriptor, as in the functions below.
herd::Result<std::optional<std::string>, FolderFileError> find_file(int folder,
                                                                    const ChooseFile& chosen);

// Removes all files for which `chosen` is true, and all folders in it that are empty then. Goes on
// after an error and returns the first one.
std::optional<FolderFileError> remove_files(int folder, const ChooseFile& chosen);

}  // namespace sim
