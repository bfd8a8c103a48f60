#include "sim/measure/results/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/measure/results/run_json.h"
#include "sim/measure/results/swap_folders.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using MaybeError = std::optional<FileError>;

// Marks a folder as one that herdsim may remove. A folder with a run.json needs no mark.
constexpr const char* kMarker = ".herdsim";
// Each synced file waits for the disk. With more files than this it is faster to sync the whole
// file system, including the files of other programs.
constexpr std::size_t kMostSyncedAlone = 500;

FileError os_error(const fs::path& path, std::string_view what, const std::error_code& error) {
  return {path, std::string(what) + ": " + error.message()};
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

bool is_mount_point(const fs::path& path) {
  struct statx info {};
  return ::statx(AT_FDCWD, path.c_str(), 0, 0, &info) == 0 &&
         (info.stx_attributes & info.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool holds(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

bool same_file(int fd, const fs::path& path) {
  struct stat by_fd {};
  struct stat by_path {};
  return ::fstat(fd, &by_fd) == 0 && ::lstat(path.c_str(), &by_path) == 0 &&
         by_fd.st_dev == by_path.st_dev && by_fd.st_ino == by_path.st_ino;
}

OwnedFd open_folder(const fs::path& path) {
  return OwnedFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Locks a file without waiting. Returns 0 or an errno; EWOULDBLOCK if another process has the lock.
int lock(int fd) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

// Returns an error if the folder contains files that no run of herdsim wrote. The error names the
// folder as the user did.
MaybeError check_replaceable(const fs::path& folder, const fs::path& asked) {
  std::error_code error;
  const fs::file_type type = fs::symlink_status(folder, error).type();
  if (type == fs::file_type::not_found) return std::nullopt;
  if (type != fs::file_type::directory) {
    return FileError{asked, "is no folder (remove it, or name another folder)"};
  }
  const bool empty = fs::is_empty(folder, error);
  if (error) return os_error(asked, "cannot be read", error);
  if (empty || is_there(folder / kRunFile)) return std::nullopt;
  return FileError{asked,
                   "is not an earlier run's folder, as it has files but no run.json, and is left "
                   "alone (name another folder, or empty this one)"};
}

// Returns the absolute path of the folder that a path names, with links resolved. Makes the parent
// if it is missing.
herd::Result<fs::path, FileError> resolve(const fs::path& asked) {
  std::string name = asked.native();
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  if (name.empty()) return FileError{".", "no folder is named (name one, as results/mine)"};
  const fs::path path = name;

  std::error_code error;
  if (!is_there(path)) {
    if (path.filename() == "." || path.filename() == "..") {
      return os_error(asked, "cannot be used",
                      std::make_error_code(std::errc::no_such_file_or_directory));
    }
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    fs::create_directories(parent, error);
    if (error) return os_error(parent, "cannot be created", error);
    const fs::path real = fs::canonical(parent, error);
    if (error) return os_error(parent, "cannot be found", error);
    return real / path.filename();
  }

  const fs::path real = fs::canonical(path, error);
  if (error == std::errc::no_such_file_or_directory) {
    return FileError{asked, "is a link to nothing (make the folder it names, or remove the link)"};
  }
  if (error) return os_error(asked, "cannot be found", error);
  if (!real.has_relative_path()) {
    return FileError{asked, "is the root folder and cannot be replaced (name a folder in it)"};
  }
  if (const fs::path current = fs::current_path(error); !error && holds(real, current)) {
    return FileError{asked,
                     "holds the folder that the program runs in and cannot be replaced (name a "
                     "folder in it, or run from outside)"};
  }
  if (is_mount_point(real)) {
    return FileError{asked, "is a mount point and cannot be replaced (name a folder in it)"};
  }
  return real;
}

// Makes the marker. While the folder is removed, the marker shows to the end that it is herdsim's.
int mark(const fs::path& folder) {
  const OwnedFd file(
      ::open((folder / kMarker).c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  return file.is_open() ? 0 : errno;
}

// Removes everything in a folder except the marker.
std::error_code remove_content(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (at->path().filename() == kMarker) continue;
    fs::remove_all(at->path(), error);
    if (error) break;
  }
  return error;
}

// Removes a folder of herdsim's. If that stops midway, the rest is still marked.
std::error_code remove_folder(const fs::path& folder) {
  mark(folder);  // continue even if the disk is full
  std::error_code error = remove_content(folder);
  if (error) return error;
  fs::remove(folder / kMarker, error);
  fs::remove(folder, error);
  return error;
}

// Returns an error if a partial folder that already existed is not from a run of herdsim.
MaybeError check_ours(const fs::path& partial) {
  std::error_code error;
  const bool empty = fs::is_empty(partial, error);
  if (error) return os_error(partial, "cannot be read", error);
  if (empty || is_there(partial / kMarker) || is_there(partial / kRunFile)) return std::nullopt;
  return FileError{partial,
                   "is where results are written first, but has files that no run left there "
                   "(move them away, or name another folder for the results)"};
}

// Makes and locks the partial folder, or takes over the one that an earlier run left.
herd::Result<OwnedFd, FileError> lock_partial(const fs::path& partial, const fs::path& asked) {
  // Another run may remove the folder right after this one has found it. If so, try again.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const bool made = ::mkdir(partial.c_str(), 0777) == 0;
    if (!made && errno != EEXIST) {
      return system_error(partial, "cannot be created", errno);
    }
    OwnedFd fd = open_folder(partial);
    if (!fd.is_open()) {
      if (errno == ENOENT) continue;
      return system_error(partial, "is in the way of the results and cannot be used (remove it)",
                          errno);
    }
    const int error = lock(fd.get());
    if (error == EWOULDBLOCK) {
      return FileError{asked,
                       "another run is writing there (wait for its end, or name another folder)"};
    }
    // Without locks it is unknown whether the run that owns the folder is still alive.
    if (error != 0 && !made) {
      return system_error(
          partial, "is from another run, which may still go on (remove it if none does)", error);
    }
    if (same_file(fd.get(), partial)) return fd;
  }
  return FileError{asked, "other runs are writing there (name another folder)"};
}

// Syncs a file's or a folder's data to the disk. Some file systems have nothing to sync.
int sync_path(const fs::path& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) return errno;
  const bool done = ::fsync(fd.get()) == 0 || errno == EINVAL || errno == EROFS;
  return done ? 0 : errno;
}

// Syncs the whole file system of a folder to the disk.
int sync_file_system(const fs::path& folder) {
  const OwnedFd fd(::open(folder.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) return errno;
  return ::syncfs(fd.get()) == 0 ? 0 : errno;
}

// Syncs everything in a folder to the disk.
MaybeError sync_tree(const fs::path& folder) {
  std::vector<fs::path> paths = {folder};
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code unknown;
    const fs::file_type type = at->symlink_status(unknown).type();
    if (type != fs::file_type::regular && type != fs::file_type::directory) continue;
    paths.push_back(at->path());
  }
  if (error) return os_error(folder, "cannot be read", error);
  if (paths.size() > kMostSyncedAlone) {
    if (const int failed = sync_file_system(folder); failed != 0) {
      return system_error(folder, "cannot be written", failed);
    }
    return std::nullopt;
  }
  for (const fs::path& path : paths) {
    if (const int failed = sync_path(path); failed != 0) {
      return system_error(path, "cannot be written", failed);
    }
  }
  return std::nullopt;
}

bool cannot_exchange(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
}

}  // namespace

OutputFolder::OutputFolder(fs::path folder, fs::path partial, OwnedFd lock)
    : folder_(std::move(folder)), partial_(std::move(partial)), lock_(std::move(lock)) {}

herd::Result<std::unique_ptr<OutputFolder>, FileError> OutputFolder::create(const fs::path& asked,
                                                                            Leftover leftover) {
  const auto resolved = resolve(asked);
  if (!resolved) return resolved.error();
  const fs::path& folder = *resolved;
  if (auto error = check_replaceable(folder, asked)) return *error;

  const fs::path partial = folder.parent_path() / ('.' + folder.filename().native() + ".partial");
  auto lock = lock_partial(partial, asked);
  if (!lock) return lock.error();
  if (auto error = check_ours(partial)) {
    ::rmdir(partial.c_str());  // if it was just made; one with files in it stays
    return *error;
  }
  restore_previous(partial, folder);
  if (const int error = mark(partial); error != 0) {
    ::rmdir(partial.c_str());
    return system_error(partial, "cannot be written to", error);
  }
  auto output = std::unique_ptr<OutputFolder>(new OutputFolder(folder, partial, std::move(*lock)));
  if (leftover == Leftover::kKeep) return output;
  if (auto error = output->clear()) {
    output->keep();  // removing it again would fail too
    return *error;
  }
  return output;
}

MaybeError OutputFolder::clear() {
  if (const std::error_code error = remove_content(partial_)) {
    return os_error(partial_, "cannot be cleared of what an earlier run left", error);
  }
  return std::nullopt;
}

OutputFolder::~OutputFolder() {
  if (discard_) remove_folder(partial_);
}

MaybeError OutputFolder::publish() {
  if (!is_there(partial_ / kRunFile)) return FileError{partial_, "has no run.json yet"};
  if (auto error = sync_tree(partial_)) return error;
  // From here on run.json shows that the folder is a run's, here and in its new place.
  std::error_code error;
  fs::remove(partial_ / kMarker, error);
  discard_ = false;
  return swap_in();
}

bool OutputFolder::holds_results() const {
  return is_there(folder_ / kRunFile) && !is_dry_run(folder_);
}

MaybeError OutputFolder::add(const std::string& name) {
  const fs::path from = partial_ / name;
  const fs::path to = folder_ / name;
  if (const int failed = sync_path(from); failed != 0) {
    return system_error(from, "cannot be written", failed);
  }
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return system_error(to, "cannot be put in place", errno);
  }
  sync_path(folder_);  // the new name itself; too late to undo it
  return std::nullopt;
}

MaybeError OutputFolder::swap_in() {
  const auto kept = [this](std::string what) {
    return FileError{folder_, std::move(what) + "; the results are kept in " + partial_.string()};
  };
  if (auto error = check_replaceable(folder_, folder_)) return kept(error->what);
  // Locks the old results before they get the partial folder's name. So a new run does not take
  // them for those of a dead run while they are being removed.
  OwnedFd old = open_folder(folder_);
  if (old.is_open()) lock(old.get());

  fs::path leftover = partial_;
  int error = 0;
  if (!old.is_open()) {
    error = std::rename(partial_.c_str(), folder_.c_str()) == 0 ? 0 : errno;
  } else if (error = exchange_folders(partial_, folder_); cannot_exchange(error)) {
    leftover = folder_ / kPrevious;
    error = replace_folder(partial_, folder_);
  }
  if (error != 0) {
    return kept("cannot be put in place: " + std::generic_category().message(error));
  }
  lock_.reset();
  sync_path(folder_.parent_path());  // the new name itself; too late to undo it
  if (!old.is_open()) return std::nullopt;
  if (const std::error_code failed = remove_folder(leftover)) {
    return os_error(leftover,
                    "the new results are in place, but the earlier ones cannot be removed", failed);
  }
  return std::nullopt;
}

}  // namespace sim
