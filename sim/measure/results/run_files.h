// Which files of a folder a run of herdsim wrote, by the lists in its run.json.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "sim/base/json/owned_json.h"

namespace sim {

// Marks a folder as one that is being written or removed. A finished run's folder has none.
inline constexpr const char* kRunMarker = ".herdsim";
// The folder in a run's folder in which new files wait until they replace older ones.
inline constexpr const char* kReplacements = ".replacements";

// The files of one run's folder: run.json, the files that it lists, and the marker. A sweep's
// folder also has the files of its points, by each point's own run.json.
class RunFiles {
 public:
  // Reads the folder's run.json. Returns nullopt if there is none, or if it is not a run's: a run's
  // says whether the run is complete, and lists its files.
  static std::optional<RunFiles> read(const std::filesystem::path& folder);

  // Whether the run wrote this file; the path is relative to the folder. Not const, because it
  // remembers the run.json of the point that it was last asked about.
  bool contains(std::string_view path);

  // Whether the run was not interrupted, and no point of a sweep failed.
  bool complete() const { return complete_; }
  // Whether nothing was run.
  bool dry_run() const { return dry_run_; }

 private:
  RunFiles(std::filesystem::path folder, const json_t* document);

  std::filesystem::path folder_;
  bool complete_, dry_run_, has_points_;
  std::unordered_set<std::string> files_;
  std::string inner_folder_;         // the one last asked about
  std::unique_ptr<RunFiles> inner_;  // its files; null if it is not a run's
};

// Whether herdsim may have written a file of this path to a folder that it was still writing, and
// that has no list yet.
bool may_be_unfinished(std::string_view path);

}  // namespace sim
