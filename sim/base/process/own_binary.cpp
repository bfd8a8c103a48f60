#include "sim/base/process/own_binary.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace sim {

std::string own_binary() {
  const std::string link = "/proc/self/exe";
  std::error_code error;
  const std::string path = std::filesystem::read_symlink(link, error).string();
  // If the program's file was replaced since the start, the link still leads to the old file.
  return !error && ::access(path.c_str(), X_OK) == 0 ? path : link;
}

}  // namespace sim
