// A results folder that is written completely or not at all. The files are written to a sibling
// folder `.NAME.partial`, which replaces NAME at the end.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sim/base/io/owned_fd.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// Which folder a name means, and which folders can be replaced:
// - `out/` is `out`. Missing parents are made. A link to a folder means that folder, and the
//   partial folder is then that folder's sibling.
// - An empty folder is replaced, and a folder in which all files are an earlier run's, by the lists
//   in its run.json (run_files.h). A folder with any other file is an error. So are a file, a link
//   to nothing, a mount point, the root, another user's folder, a name as `.NAME.partial`, and any
//   folder that the program runs in (`.`, `..` and so on).
// - A run that is not complete does not replace a complete one: it goes to `NAME.incomplete`.
//
// The partial folder is locked during this object's life, so that a second run into the same folder
// fails. It belongs to this process's user alone, so that nobody can put a link into it. A partial
// folder that an earlier run left is:
// - put in its place, if that run had finished and was stopped only then;
// - otherwise cleared, or kept for a run that can resume from it;
// - an error if it holds files that no run writes, or belongs to another user.
// One thread at a time.
class OutputFolder {
 public:
  // Whether files that an unfinished run left in the partial folder are removed.
  enum class Leftover { kClear, kKeep };

  // Makes the partial folder. Returns every error that can be known before the run begins. `folder`
  // itself is not changed, unless an earlier run had finished and not put its results there.
  static herd::Result<std::unique_ptr<OutputFolder>, FileError> create(
      const std::filesystem::path& folder, Leftover leftover = Leftover::kClear);

  // Removes the partial folder, unless it was published or is kept.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  // The folder to write to; absolute. It already contains one file, which publish() removes. The
  // path leads to this folder even if somebody renames it; it is valid in this process alone.
  const std::filesystem::path& partial() const { return partial_; }
  // The name of that folder, for people.
  const std::filesystem::path& partial_name() const { return partial_name_; }
  // Returns the text of an error with that name in the place of the path.
  std::string for_people(std::string text) const;
  // The final folder; absolute, with links resolved.
  const std::filesystem::path& folder() const { return folder_; }
  // Returns the folders beside it with results of runs that are not complete.
  std::vector<std::filesystem::path> incomplete() const;

  // Removes everything that was written to the partial folder.
  std::optional<FileError> clear();
  // Leaves the partial folder for a later run with Leftover::kKeep.
  void keep() { discard_ = false; }

  // Puts the partial folder in its place and returns that place: `folder`, or, if the run is not
  // complete and `folder` holds a complete one, a folder beside it. May be called once, when all
  // files in it, including a run.json, are written and closed. Syncs everything to the disk first,
  // because the old results are removed: without that, a power failure could leave a folder of
  // empty files. Removes only those files of the old results that they list.
  //
  // After an error:
  // - If the files cannot be synced, nothing has changed, and they are kept until the next run.
  // - If the folder cannot be put in place, the partial folder is kept, because it is finished. The
  //   next run into the same folder tries again. The error names it.
  // - If only the old results cannot be removed, the error says so, and the new ones are in place.
  herd::Result<std::filesystem::path, FileError> publish();

  // Returns whether `folder` contains a run's results. A dry run's folder does not.
  bool holds_results() const;
  // Moves one finished file of the partial folder into `folder`, which holds results, and adds it
  // to their list. It replaces a file of that name if it is on the list; else that is an error. All
  // other files stay.
  std::optional<FileError> add(const std::string& name);

 private:
  OutputFolder(std::filesystem::path folder, std::filesystem::path partial_name, OwnedFd lock);

  // Locks the marker on NFS. Returns false if another process has locked it.
  bool lock_marker();
  std::optional<FileError> put_in_place(const std::filesystem::path& place);
  herd::Result<std::filesystem::path, FileError> find_place() const;
  std::optional<FileError> place_finished();

  std::filesystem::path folder_;
  std::filesystem::path partial_name_;
  OwnedFd lock_;  // of the partial folder
  // Open and locked on NFS, where the lock of a folder is known to this machine alone, and that of
  // a file to all.
  OwnedFd marker_;
  std::filesystem::path partial_;
  bool discard_ = true;
};

}  // namespace sim
