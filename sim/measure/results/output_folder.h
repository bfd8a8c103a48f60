// A results folder that is written completely or not at all. The files are written to a sibling
// folder `.NAME.partial`, which replaces NAME at the end.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/base/io/owned_fd.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// Which folder a name means, and which folders can be replaced:
// - `out/` is `out`. Missing parents are made. A link to a folder means that folder, and the
//   partial folder is then that folder's sibling.
// - A folder with a run.json and an empty folder are replaced. A folder with any other content is
//   an error. So are a file, a link to nothing, a mount point, the root, and any folder that the
//   program runs in (`.`, `..` and so on), because they cannot be replaced.
//
// The partial folder is locked during this object's life, so that a second run into the same folder
// fails. A partial folder that an earlier run left (it was killed, or the power failed) is cleared,
// or kept for a run that can resume from it. One that holds other files is an error. One thread at
// a time.
class OutputFolder {
 public:
  // Whether files that an earlier run left in the partial folder are removed.
  enum class Leftover { kClear, kKeep };

  // Makes the partial folder. Returns every error that can be known before the run begins. `folder`
  // itself is not changed.
  static herd::Result<std::unique_ptr<OutputFolder>, FileError> create(
      const std::filesystem::path& folder, Leftover leftover = Leftover::kClear);

  // Removes the partial folder, unless it was published or is kept.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  // The folder to write to; absolute. It already contains one file, which publish() removes.
  const std::filesystem::path& partial() const { return partial_; }
  // The final folder; absolute, with links resolved.
  const std::filesystem::path& folder() const { return folder_; }

  // Removes everything that was written to the partial folder.
  std::optional<FileError> clear();
  // Leaves the partial folder for a later run with Leftover::kKeep.
  void keep() { discard_ = false; }

  // Puts the partial folder in the place of `folder`. May be called once, when all files in it,
  // including a run.json, are written and closed. Syncs everything to the disk first, because the
  // old results are removed: without that, a power failure could leave a folder of empty files.
  //
  // After an error:
  // - If the files cannot be synced, nothing has changed.
  // - If the folder cannot be put in place, the partial folder is kept until the next run into the
  //   same folder, because it is complete. The error names it.
  // - If only the old results cannot be removed, the error says so, and the new ones are in place.
  std::optional<FileError> publish();

  // Returns whether `folder` contains a run's results. A dry run's folder does not.
  bool holds_results() const;
  // Moves one finished file of the partial folder into `folder`, which must exist, in one step. It
  // replaces a file of the same name; all other files stay.
  std::optional<FileError> add(const std::string& name);

 private:
  OutputFolder(std::filesystem::path folder, std::filesystem::path partial, OwnedFd lock);

  std::optional<FileError> swap_in();

  std::filesystem::path folder_;
  std::filesystem::path partial_;
  OwnedFd lock_;  // of the partial folder
  bool discard_ = true;
};

}  // namespace sim
