// A results folder that is written whole or not at all: what is written goes to a sibling folder
// `.NAME.partial`, which takes the place of NAME in the end.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/base/io/owned_fd.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// What a name stands for:
// - `out/` is `out`; missing parents are made; a link to a folder stands for that folder, and the
//   partial folder is then that folder's sibling.
// - A folder with a run.json in it, and an empty one, are replaced. Any other content is an error,
//   as is what is no folder, a link to nothing, a mount point, the root, and any folder that the
//   program runs in (`.`, `..` and so on): none of them can be replaced.
//
// The partial folder is locked for as long as this object lives, so that a second run into the same
// folder is refused. One that an earlier run left behind (killed, or the power went) is cleared, or
// kept for a run that can go on from it; one that holds anything else is an error. Not for several
// threads at once.
class OutputFolder {
 public:
  // What becomes of that which an earlier run left in the partial folder.
  enum class Leftover { kClear, kKeep };

  // Makes the partial folder. Everything that can be known to be wrong is an error here, before a
  // run has begun; `folder` itself is not touched.
  static herd::Result<std::unique_ptr<OutputFolder>, FileError> create(
      const std::filesystem::path& folder, Leftover leftover = Leftover::kClear);

  // Removes the partial folder, unless it was published or is kept.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  // Where to write; absolute. It has one file in it already, which publish() takes away.
  const std::filesystem::path& partial() const { return partial_; }
  // Where it will be; absolute, links followed.
  const std::filesystem::path& folder() const { return folder_; }

  // Removes all that was written to the partial folder.
  std::optional<FileError> clear();
  // Leaves the partial folder for a later run that asks for what was left.
  void keep() { discard_ = false; }

  // Puts the partial folder in the place of `folder`, once. Everything in it, a run.json among it,
  // must have been written and closed. All is synced to the disk first: the old results are about
  // to be removed, and without that a power cut could leave a folder of empty files. Where files
  // cannot be synced nothing has changed. Where the folder cannot be put in place the partial one
  // is kept (until the next run into the same folder), because it is whole; the error names it.
  // Where only the old results cannot be removed, the error says so and the new ones are in place.
  std::optional<FileError> publish();

  // Whether `folder` holds what a run measured. A dry run's folder does not.
  bool holds_results() const;
  // Moves one finished file of the partial folder into `folder`, which exists, in one step: into
  // the place of one of that name, and beside all the others.
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
