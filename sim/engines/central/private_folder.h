// A folder of our own in the system's folder for temporary files (TMPDIR, else /tmp). It is removed
// with its owner.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "sim/base/io/uv_error.h"

namespace sim {

class PrivateFolder {
 public:
  PrivateFolder() = default;
  ~PrivateFolder() { remove(); }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  // Makes the folder. Only `user` and root can read it. Call this once.
  std::optional<Error> make(uid_t user, gid_t group);
  // Removes the folder with everything in it. If that fails, the rest stays. May be called
  // repeatedly.
  void remove();

  // Returns the folder's path; empty before make() and after remove().
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sim
