#include "sim/base/process/close_from.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace sim {

void close_from(int first) {
  if (::close_range(static_cast<unsigned>(first), ~0U, 0) == 0) return;
  // Sandboxes may refuse close_range().
  DIR* const folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return;
  std::vector<int> open;
  while (const dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= first && fd != ::dirfd(folder)) open.push_back(fd);
  }
  ::closedir(folder);
  for (const int fd : open) ::close(fd);
}

}  // namespace sim
