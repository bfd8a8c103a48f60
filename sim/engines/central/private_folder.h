// A folder of our own under the system's one for temporary files (TMPDIR, else /tmp), gone with its
// owner.
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

  // Once. Nobody but that user, and root, can look into it.
  std::optional<Error> make(uid_t user, gid_t group);
  // With all that is in it; where that fails, what is left stays. Again and again.
  void remove();

  // Empty where there is none.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sim
