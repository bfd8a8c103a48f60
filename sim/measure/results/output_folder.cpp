#include "sim/measure/results/output_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "sim/base/io/folder_files.h"
#include "sim/base/io/own_folder.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/results/folder_name.h"
#include "sim/measure/results/run_files.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/swap_folders.h"
#include "sim/measure/results/sync_folder.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using MaybeError = std::optional<FileError>;

constexpr const char* kIncomplete = ".incomplete";
constexpr int kMostIncomplete = 100;  // results of runs that are not complete, beside one folder

// Returns the n-th name beside a folder for results of a run that is not complete, from 1.
fs::path incomplete_name(fs::path folder, int n) {
  folder += kIncomplete + (n == 1 ? std::string() : '-' + std::to_string(n));
  return folder;
}

// Returns an error about a file in a folder.
FileError error_in(const fs::path& folder, std::string_view what, const FolderFileError& error) {
  return system_error(error.path.empty() ? folder : folder / error.path, what, error.number);
}

bool is_marked(int folder) {
  struct stat info {};
  return ::fstatat(folder, kRunMarker, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

// Makes the marker. While the folder is removed, the marker shows to the end that it is herdsim's.
int mark(int folder) {
  const OwnedFd file(
      ::openat(folder, kRunMarker, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  return file.is_open() || errno == EEXIST ? 0 : errno;
}

// Gives the folder the permissions of other new folders. The marker has those of other new files.
void give_usual_permissions(int folder) {
  struct stat info {};
  if (::fstatat(folder, kRunMarker, &info, AT_SYMLINK_NOFOLLOW) != 0) return;
  const mode_t file = info.st_mode & 0666U;
  ::fchmod(folder, file | (file & 0444U) >> 2U);  // who may read it may enter it
}

// Returns an error unless the folder can be replaced: nothing is there, or an empty folder, or one
// in which all files are an earlier run's. The error names the folder as the user did.
MaybeError check_replaceable(const fs::path& folder, const fs::path& asked) {
  if (!is_there(folder)) return std::nullopt;
  const OwnedFd fd = open_folder(folder);
  if (!fd.is_open() && (errno == ENOTDIR || errno == ELOOP)) {
    return FileError{asked, "is a file, not a folder (remove it, or name another folder)"};
  }
  if (!fd.is_open()) return system_error(asked, "cannot be read", errno);
  if (!is_own_folder(fd.get())) {
    return FileError{asked, "belongs to another user and is left alone (name another folder)"};
  }
  auto run = RunFiles::read(folder);
  const auto foreign =
      find_file(fd.get(), [&](std::string_view path) { return !run || !run->contains(path); });
  if (!foreign) return error_in(asked, "cannot be read", foreign.error());
  if (!*foreign) return std::nullopt;
  if (run) {
    return FileError{asked, "has a file that its run did not write, " + sim::quoted(**foreign) +
                                ", and is left alone (move that file away, or name another "
                                "folder)"};
  }
  return FileError{asked,
                   "is not an earlier run's folder, as it has files but no run.json that lists "
                   "them, and is left alone (name another folder, or empty this one)"};
}

// Removes the files of a finished run, the list of them last. Returns an error if anything stays.
MaybeError remove_results(int folder, const fs::path& name) {
  auto run = RunFiles::read(name);
  if (!run) return FileError{name, "has no run.json that lists its files"};
  const auto failed = remove_files(folder, [&](std::string_view path) {
    return path != kRunFile && path != kRunMarker && run->contains(path);
  });
  if (failed) return error_in(name, "cannot be removed", *failed);
  const auto left = find_file(
      folder, [](std::string_view path) { return path != kRunFile && path != kRunMarker; });
  if (!left) return error_in(name, "cannot be read", left.error());
  if (*left) return FileError{name / **left, "is not of that run, and is kept there"};
  for (const char* const file : {kRunFile, kRunMarker}) {
    if (::unlinkat(folder, file, 0) != 0 && errno != ENOENT) {
      return system_error(name / file, "cannot be removed", errno);
    }
  }
  if (::rmdir(name.c_str()) == 0) return std::nullopt;
  return system_error(name, "cannot be removed", errno);
}

// Removes a partial folder that was made just now, unless it is to be kept. Needs no descriptor, of
// which there may be none left.
class MadeFolder {
 public:
  MadeFolder() = default;
  explicit MadeFolder(fs::path path) : path_(std::move(path)) {}
  ~MadeFolder() {
    if (!path_.empty()) ::rmdir(path_.c_str());
  }
  MadeFolder(MadeFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  MadeFolder& operator=(MadeFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }

  void keep() { path_.clear(); }

 private:
  fs::path path_;  // empty: none was made
};

FileError busy(const fs::path& asked) {
  return {asked, "another run is writing there (wait for its end, or name another folder)"};
}

struct LockedFolder {
  OwnedFd fd;
  MadeFolder made;
};

// Makes and locks the partial folder, or takes over the one that an earlier run left.
herd::Result<LockedFolder, FileError> lock_partial(const fs::path& partial, const fs::path& asked) {
  // Another run may remove the folder right after this one has found it. If so, try again.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const bool made = ::mkdir(partial.c_str(), 0700) == 0;
    if (!made && errno != EEXIST) {
      return system_error(partial, "cannot be created", errno);
    }
    MadeFolder removed = made ? MadeFolder(partial) : MadeFolder();
    OwnedFd fd = open_folder(partial);
    if (!fd.is_open()) {
      if (errno == ENOENT) continue;
      return system_error(partial, "is in the way of the results and cannot be used (remove it)",
                          errno);
    }
    if (!is_own_folder(fd.get())) {
      return FileError{partial,
                       "is in the way of the results and belongs to another user (name another "
                       "folder for the results)"};
    }
    const int error = lock_folder(fd.get());
    if (error == EWOULDBLOCK) return busy(asked);
    // Without locks it is unknown whether the run that owns the folder is still alive.
    if (error != 0 && !made) {
      return system_error(
          partial, "is from another run, which may still go on (remove it if none does)", error);
    }
    if (!is_same_folder(fd.get(), partial)) continue;
    ::fchmod(fd.get(), 0700);  // an error does not matter if the file system has no permissions
    return LockedFolder{std::move(fd), std::move(removed)};
  }
  return FileError{asked, "other runs are writing there (name another folder)"};
}

// Returns an error if the partial folder has files that no unfinished run wrote.
MaybeError check_leftover(int folder, const fs::path& partial) {
  const bool marked = is_marked(folder);
  const auto foreign =
      find_file(folder, [&](std::string_view path) { return !marked || !may_be_unfinished(path); });
  if (!foreign) return error_in(partial, "cannot be read", foreign.error());
  if (!*foreign) return std::nullopt;
  return FileError{partial,
                   "is where results are written first, but has a file that no run left "
                   "there, " +
                       sim::quoted(**foreign) +
                       " (move it away, or name another folder for the results)"};
}

bool cannot_exchange(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
}

}  // namespace

OutputFolder::OutputFolder(fs::path folder, fs::path partial_name, OwnedFd lock)
    : folder_(std::move(folder)),
      partial_name_(std::move(partial_name)),
      lock_(std::move(lock)),
      partial_(path_of_folder(lock_.get(), partial_name_)) {}

herd::Result<std::unique_ptr<OutputFolder>, FileError> OutputFolder::create(const fs::path& asked,
                                                                            Leftover leftover) {
  const auto resolved = resolve_folder(asked);
  if (!resolved) return resolved.error();
  const fs::path& folder = *resolved;
  const fs::path partial = partial_name_of(folder);
  for (;;) {
    if (auto error = check_replaceable(folder, asked)) return *error;
    auto locked = lock_partial(partial, asked);
    if (!locked) return locked.error();
    MadeFolder made = std::move(locked->made);
    auto output =
        std::unique_ptr<OutputFolder>(new OutputFolder(folder, partial, std::move(locked->fd)));
    output->keep();  // until it is known that it is not another's
    const int fd = output->lock_.get();
    if (!is_marked(fd) && RunFiles::read(output->partial_)) {
      restore_previous(partial, folder);
      if (auto error = output->place_finished()) return *error;
      continue;
    }
    if (auto error = check_leftover(fd, partial)) return *error;
    if (const int error = mark(fd); error != 0) {
      return system_error(partial, "cannot be written to", error);
    }
    if (!output->lock_marker()) return busy(asked);
    restore_previous(partial, folder);
    made.keep();
    if (leftover == Leftover::kClear) {
      if (auto error = output->clear()) return *error;
    }
    output->discard_ = true;
    return output;
  }
}

bool OutputFolder::lock_marker() {
  marker_.reset(::openat(lock_.get(), kRunMarker, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  const bool is_free = !marker_.is_open() || lock_folder(marker_.get()) != EWOULDBLOCK;
  if (!is_on_nfs(lock_.get())) marker_.reset();  // elsewhere the folder's own lock is enough
  return is_free;
}

MaybeError OutputFolder::clear() {
  const auto failed = remove_files(lock_.get(), [](std::string_view path) {
    return path != kRunMarker && may_be_unfinished(path);
  });
  if (!failed) return std::nullopt;
  return error_in(partial_name_, "cannot be cleared of what an earlier run left", *failed);
}

OutputFolder::~OutputFolder() {
  if (!discard_ || !is_same_folder(lock_.get(), partial_name_)) return;
  clear();
  const auto left =
      find_file(lock_.get(), [](std::string_view path) { return path != kRunMarker; });
  if (!left || *left) return;
  marker_.reset();  // NFS keeps a file that is open under another name
  ::unlinkat(lock_.get(), kRunMarker, 0);
  ::rmdir(partial_name_.c_str());
}

std::string OutputFolder::for_people(std::string text) const {
  const std::string& path = partial_.native();
  const std::string& name = partial_name_.native();
  for (std::size_t at = text.find(path); at != std::string::npos;
       at = text.find(path, at + name.size())) {
    text.replace(at, path.size(), name);
  }
  return text;
}

std::vector<fs::path> OutputFolder::incomplete() const {
  std::vector<fs::path> found;
  for (int n = 1; n <= kMostIncomplete; ++n) {
    fs::path place = incomplete_name(folder_, n);
    if (!is_there(place)) return found;
    const auto run = RunFiles::read(place);
    if (run && !run->complete()) found.push_back(std::move(place));
  }
  return found;
}

herd::Result<fs::path, FileError> OutputFolder::publish() {
  if (!RunFiles::read(partial_)) return FileError{partial_name_, "has no run.json yet"};
  if (!is_same_folder(lock_.get(), partial_name_)) {
    return FileError{partial_name_, "was moved or replaced while the results were written to it"};
  }
  if (auto error = sync_folder(lock_.get(), partial_)) {
    discard_ = false;
    error->path = for_people(error->path);
    error->what += "; the results are kept in " + partial_name_.string() + " until the next run";
    return *error;
  }
  give_usual_permissions(lock_.get());
  // From here on run.json shows that the folder is a run's, here and in its new place.
  marker_.reset();
  ::unlinkat(lock_.get(), kRunMarker, 0);
  discard_ = false;
  const auto place = find_place();
  if (!place) return place.error();
  if (auto error = put_in_place(*place)) return *error;
  return *place;
}

MaybeError OutputFolder::place_finished() {
  give_usual_permissions(lock_.get());
  const auto place = find_place();
  if (!place) return place.error();
  return put_in_place(*place);
}

herd::Result<fs::path, FileError> OutputFolder::find_place() const {
  const auto run = RunFiles::read(partial_);
  const auto earlier = RunFiles::read(folder_);
  const bool must_give_way =
      run && !run->complete() && !run->dry_run() && earlier && earlier->complete();
  if (!must_give_way) return folder_;
  for (int n = 1; n <= kMostIncomplete; ++n) {
    fs::path place = incomplete_name(folder_, n);
    if (check_replaceable(place, place)) continue;
    const auto there = RunFiles::read(place);
    if (!there || !there->complete()) return place;
  }
  return FileError{folder_,
                   "has a complete run, which one that is not does not replace, and there "
                   "is no room beside it; the results are kept in " +
                       partial_name_.string()};
}

bool OutputFolder::holds_results() const {
  const auto run = RunFiles::read(folder_);
  return run && !run->dry_run();
}

MaybeError OutputFolder::add(const std::string& name) {
  const fs::path from = partial_ / name;
  const fs::path to = folder_ / name;
  if (const int failed = sync_path(from); failed != 0) {
    return system_error(partial_name_ / name, "cannot be written", failed);
  }
  auto run = RunFiles::read(folder_);
  if (is_there(to) && (!run || !run->contains(name))) {
    return FileError{to, "is not a file of that run, and is left alone (move it away)"};
  }
  // On the list first: a file that is missing does no harm, and one that is not listed would.
  if (auto error = add_to_run_file(name, folder_, partial_)) return error;
  if (std::rename((partial_ / kRunFile).c_str(), (folder_ / kRunFile).c_str()) != 0 ||
      std::rename(from.c_str(), to.c_str()) != 0) {
    return system_error(to, "cannot be put in place", errno);
  }
  sync_path(folder_);  // the new names themselves; too late to undo it
  return std::nullopt;
}

MaybeError OutputFolder::put_in_place(const fs::path& place) {
  const auto kept = [this, &place](std::string what) {
    return FileError{place,
                     std::move(what) + "; the results are kept in " + partial_name_.string()};
  };
  if (auto error = check_replaceable(place, place)) return kept(error->what);
  // Locks and marks the old results before they get the partial folder's name. So a new run does
  // not take them for those of a dead run while they are being removed, nor for new ones.
  OwnedFd old = open_folder(place);
  if (old.is_open()) {
    lock_folder(old.get());
    if (const int error = mark(old.get()); error != 0) {
      return kept("cannot be replaced: " + std::generic_category().message(error));
    }
  }
  fs::path leftover = partial_name_;
  int error = 0;
  if (!old.is_open()) {
    error = std::rename(partial_name_.c_str(), place.c_str()) == 0 ? 0 : errno;
  } else if (error = exchange_folders(partial_name_, place); cannot_exchange(error)) {
    leftover = place / kPrevious;
    error = replace_folder(partial_name_, place);
  }
  if (error != 0) {
    if (old.is_open()) ::unlinkat(old.get(), kRunMarker, 0);
    return kept("cannot be put in place: " + std::generic_category().message(error));
  }
  lock_.reset();
  sync_path(place.parent_path());  // the new name itself; too late to undo it
  if (!old.is_open()) return std::nullopt;
  if (!RunFiles::read(leftover)) {  // it was empty
    ::unlinkat(old.get(), kRunMarker, 0);
    ::rmdir(leftover.c_str());
    return std::nullopt;
  }
  if (auto failed = remove_results(old.get(), leftover)) {
    failed->what += " (the new results are in place, in " + place.string() + ")";
    return failed;
  }
  return std::nullopt;
}

}  // namespace sim
