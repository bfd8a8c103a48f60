// Which folder the user's name for a results folder means.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// Returns the absolute path of the folder, with links resolved. Makes its parents if they are
// missing. Returns an error for names that no results folder can have, as OutputFolder says.
herd::Result<std::filesystem::path, FileError> resolve_folder(const std::filesystem::path& asked);

// Whether anything has this name: also a link to nothing.
bool is_there(const std::filesystem::path& path);

// Returns the name of the partial folder of a results folder.
std::filesystem::path partial_name_of(const std::filesystem::path& folder);

}  // namespace sim
