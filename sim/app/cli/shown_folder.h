// The name of the folder that results are in, for people.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/measure/results/output_folder.h"

namespace sim {

// Returns the folder as the user named it, or a path from the current folder if the results went to
// another one; nullopt if they could not be written. `place`: what publishing them returned.
inline std::optional<std::filesystem::path> shown_folder(
    const herd::Result<std::filesystem::path, std::string>& place, const OutputFolder& folder,
    const std::filesystem::path& named) {
  if (!place) return std::nullopt;
  if (*place == folder.folder()) return named;
  std::error_code error;
  std::filesystem::path relative = std::filesystem::proximate(*place, error);
  return error ? *place : relative;
}

}  // namespace sim
