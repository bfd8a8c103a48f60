#include "sim/measure/results/sync_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <vector>

#include "sim/base/io/owned_fd.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

// Each synced file waits for the disk. With more files than this it is faster to sync the whole
// file system, including the files of other programs.
constexpr std::size_t kMostSyncedAlone = 500;

int sync_fd(int fd) {
  const bool done = ::fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
  return done ? 0 : errno;
}

}  // namespace

int sync_path(const fs::path& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  return fd.is_open() ? sync_fd(fd.get()) : errno;
}

std::optional<FileError> sync_folder(int folder, const fs::path& path) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::recursive_directory_iterator at(path, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code unknown;
    const fs::file_type type = at->symlink_status(unknown).type();
    if (type != fs::file_type::regular && type != fs::file_type::directory) continue;
    paths.push_back(at->path());
  }
  if (error) return FileError{path, "cannot be read: " + error.message()};
  if (paths.size() > kMostSyncedAlone) {
    if (::syncfs(folder) == 0) return std::nullopt;
    return system_error(path, "cannot be written", errno);
  }
  for (const fs::path& each : paths) {
    if (const int failed = sync_path(each); failed != 0) {
      return system_error(each, "cannot be written", failed);
    }
  }
  if (const int failed = sync_fd(folder); failed != 0) {
    return system_error(path, "cannot be written", failed);
  }
  return std::nullopt;
}

}  // namespace sim
