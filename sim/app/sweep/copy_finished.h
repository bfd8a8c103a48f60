// Copies the files of finished results, and compares those of two points.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/measure/results/file_error.h"

namespace sim {

// Copies the files, which are relative to the folder `from`, into the folder `to`, which is
// created. Creates hard links, because finished files never change; copies if the file system has
// none. Copies no other file, and refuses a link and a file outside of `from`.
std::optional<FileError> copy_finished(const std::filesystem::path& from,
                                       const std::filesystem::path& to,
                                       const std::vector<std::string>& files);

// Returns how the results of a point in the folder `a` differ from those in `b`, for example "has
// another links.csv". Returns an empty string if they are the same, except for the start, the
// machine, and the time and memory that the run took.
std::string how_points_differ(const std::filesystem::path& a, const std::filesystem::path& b,
                              const std::vector<std::string>& files);

}  // namespace sim
