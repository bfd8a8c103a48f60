#include "sim/base/io/own_folder.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace sim {

OwnedFd open_folder(const std::filesystem::path& path) {
  return OwnedFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_own_folder(int folder) {
  struct stat info {};
  if (::fstat(folder, &info) != 0) return false;
  if (info.st_uid == ::geteuid()) return true;
  const std::string name = ".herdsim-" + std::to_string(::getpid());
  const OwnedFd probe(
      ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!probe.is_open()) return false;
  struct stat made {};
  const bool same = ::fstat(probe.get(), &made) == 0 && made.st_uid == info.st_uid;
  ::unlinkat(folder, name.c_str(), 0);
  return same;
}

bool is_same_folder(int folder, const std::filesystem::path& path) {
  struct stat by_fd {};
  struct stat by_path {};
  return ::fstat(folder, &by_fd) == 0 && ::lstat(path.c_str(), &by_path) == 0 &&
         by_fd.st_dev == by_path.st_dev && by_fd.st_ino == by_path.st_ino;
}

std::filesystem::path path_of_folder(int folder, const std::filesystem::path& name) {
  const std::string path = "/proc/self/fd/" + std::to_string(folder);
  const OwnedFd opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat wanted {};
  struct stat found {};
  const bool leads_there = opened.is_open() && ::fstat(folder, &wanted) == 0 &&
                           ::fstat(opened.get(), &found) == 0 && wanted.st_dev == found.st_dev &&
                           wanted.st_ino == found.st_ino;
  return leads_there ? std::filesystem::path(path) : name;
}

int lock_folder(int folder) {
  while (::flock(folder, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

bool is_on_nfs(int folder) {
  struct statfs info {};
  return ::fstatfs(folder, &info) == 0 && info.f_type == NFS_SUPER_MAGIC;
}

}  // namespace sim
