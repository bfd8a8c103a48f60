#include "sim/base/io/create_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace sim {
namespace {

constexpr int kWrite = O_WRONLY | O_CLOEXEC;
constexpr int kNew = O_CREAT | O_EXCL | O_NOFOLLOW;
constexpr mode_t kMode = 0666;  // and the umask

// Returns whether a name can be removed so that a file of our own takes its place.
bool is_replaceable(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && (S_ISREG(info.st_mode) || S_ISLNK(info.st_mode));
}

// Returns whether other users can put files into the folder of the path.
bool is_in_shared_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  struct stat info {};
  return ::stat(folder.c_str(), &info) != 0 || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

OwnedFd refused() {
  errno = EPERM;
  return {};
}

}  // namespace

bool is_trusted_owner(unsigned owner) { return owner == 0 || owner == ::geteuid(); }

OwnedFd create_file(const std::string& path) {
  OwnedFd file(::open(path.c_str(), kWrite | kNew, kMode));
  if (file.is_open() || errno != EEXIST) return file;
  if (!is_replaceable(path)) return OwnedFd(::open(path.c_str(), kWrite | O_NOFOLLOW));
  if (::unlink(path.c_str()) != 0) return {};
  return OwnedFd(::open(path.c_str(), kWrite | kNew, kMode));
}

OwnedFd open_named_output(const std::string& path) {
  OwnedFd made(::open(path.c_str(), kWrite | kNew, kMode));
  if (made.is_open() || errno != EEXIST) return made;
  struct stat name {};
  if (::lstat(path.c_str(), &name) != 0) return {};
  if (S_ISLNK(name.st_mode) && !is_trusted_owner(name.st_uid)) return refused();
  // A link to nothing of the user's own makes the file that it names.
  OwnedFd file(::open(path.c_str(), kWrite | O_CREAT | O_NOCTTY, kMode));
  struct stat info {};
  if (!file.is_open() || ::fstat(file.get(), &info) != 0) return file;
  if (!S_ISREG(info.st_mode)) return file;
  if (info.st_uid != ::geteuid() && is_in_shared_folder(path)) return refused();
  if (::ftruncate(file.get(), 0) != 0) return {};
  return file;
}

}  // namespace sim
