#include "sim/base/io/folder_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "sim/base/io/open_folder.h"
#include "sim/base/io/owned_fd.h"

namespace sim {
namespace {

struct Entry {
  std::string name;
  bool is_folder = false;
};

int open_in(int folder, const char* name) {
  return ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool is_folder(int parent, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat info {};
  return ::fstatat(parent, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

// Returns what is in the folder, or an errno.
herd::Result<std::vector<Entry>, int> entries_of(int folder) {
  OwnedFd own(open_in(folder, "."));  // reading moves the position of a descriptor
  if (!own.is_open()) return errno;
  const OpenFolder stream(::fdopendir(own.get()));
  if (stream == nullptr) return errno;
  const int fd = own.release();  // the stream closes it
  std::vector<Entry> entries;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    entries.push_back({entry->d_name, is_folder(fd, *entry)});
  }
  if (errno != 0) return errno;
  return entries;
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '/' + name;
}

class Finder {
 public:
  explicit Finder(const ChooseFile& chosen) : chosen_(chosen) {}

  herd::Result<std::optional<std::string>, FolderFileError> find(int folder,
                                                                 const std::string& path) {
    const auto entries = entries_of(folder);
    if (!entries) return FolderFileError{path, entries.error()};
    for (const Entry& entry : *entries) {
      std::string inside = joined(path, entry.name);
      if (!entry.is_folder) {
        if (chosen_(inside)) return std::optional(std::move(inside));
        continue;
      }
      const OwnedFd child(open_in(folder, entry.name.c_str()));
      if (!child.is_open()) return FolderFileError{std::move(inside), errno};
      auto found = find(child.get(), inside);
      if (!found || *found) return found;
    }
    return std::optional<std::string>();
  }

 private:
  const ChooseFile& chosen_;
};

class Remover {
 public:
  explicit Remover(const ChooseFile& chosen) : chosen_(chosen) {}

  void remove(int folder, const std::string& path) {
    const auto entries = entries_of(folder);
    if (!entries) return fail(path, entries.error());
    for (const Entry& entry : *entries) {
      const std::string inside = joined(path, entry.name);
      if (entry.is_folder) {
        remove_folder(folder, entry.name.c_str(), inside);
      } else if (chosen_(inside) && ::unlinkat(folder, entry.name.c_str(), 0) != 0) {
        fail(inside, errno);
      }
    }
  }

  std::optional<FolderFileError> take_error() { return std::move(error_); }

 private:
  void remove_folder(int parent, const char* name, const std::string& path) {
    OwnedFd child(open_in(parent, name));
    if (!child.is_open()) return fail(path, errno);
    remove(child.get(), path);
    child.reset();
    const bool gone = ::unlinkat(parent, name, AT_REMOVEDIR) == 0;
    // It may hold files that were not chosen.
    if (!gone && errno != ENOTEMPTY && errno != EEXIST) fail(path, errno);
  }

  void fail(const std::string& path, int number) {
    if (!error_) error_ = FolderFileError{path, number};
  }

  const ChooseFile& chosen_;
  std::optional<FolderFileError> error_;
};

}  // namespace

herd::Result<std::optional<std::string>, FolderFileError> find_file(int folder,
                                                                    const ChooseFile& chosen) {
  return Finder(chosen).find(folder, "");
}

std::optional<FolderFileError> remove_files(int folder, const ChooseFile& chosen) {
  Remover remover(chosen);
  remover.remove(folder, "");
  return remover.take_error();
}

}  // namespace sim
