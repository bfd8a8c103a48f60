#include "sim/measure/results/swap_folders.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace sim {
namespace {

namespace fs = std::filesystem;

int rename_folder(const fs::path& from, const fs::path& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int exchange_folders(const fs::path& fresh, const fs::path& folder) {
  const int result =
      ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE);
  return result == 0 ? 0 : errno;
}

int replace_folder(const fs::path& fresh, const fs::path& folder) {
  const fs::path previous = fresh / kPrevious;
  if (const int error = rename_folder(folder, previous); error != 0) return error;
  const int error = rename_folder(fresh, folder);
  if (error != 0) restore_previous(fresh, folder);
  return error;
}

void restore_previous(const fs::path& fresh, const fs::path& folder) {
  std::error_code error;
  if (fs::symlink_status(folder, error).type() != fs::file_type::not_found) return;
  rename_folder(fresh / kPrevious, folder);  // fails, as it should, if there is none
}

}  // namespace sim
