// Syncs a folder to the disk, so that a power failure cannot take its files.
#pragma once

#include <filesystem>
#include <optional>

#include "sim/measure/results/file_error.h"

namespace sim {

// Syncs a file's or a folder's own data. Some file systems have nothing to sync. Returns 0 or an
// errno.
int sync_path(const std::filesystem::path& path);

// Syncs everything in an open folder, whose path is `path`, and the folder.
std::optional<FileError> sync_folder(int folder, const std::filesystem::path& path);

}  // namespace sim
