#include "sim/engines/central/private_folder.h"

#include <unistd.h>
#include <uv.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace sim {

std::optional<Error> PrivateFolder::make(uid_t user, gid_t group) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error) return Error{"there is no folder for temporary files: " + error.message()};
  std::string name = (parent / "herdsim-central-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return uv_failure("cannot make a folder in " + parent.string(), uv_translate_sys_error(errno));
  }
  path_ = name;
  if (user != ::geteuid() && ::chown(name.c_str(), user, group) != 0) {
    return uv_failure("cannot give " + name + " to its user", uv_translate_sys_error(errno));
  }
  return std::nullopt;
}

void PrivateFolder::remove() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  path_.clear();
}

}  // namespace sim
