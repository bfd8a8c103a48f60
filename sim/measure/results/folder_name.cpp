#include "sim/measure/results/folder_name.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "sim/base/io/create_file.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartialEnding = ".partial";

FileError os_error(const fs::path& path, std::string_view what, const std::error_code& error) {
  return {path, std::string(what) + ": " + error.message()};
}

bool is_mount_point(const fs::path& path) {
  struct statx info {};
  return ::statx(AT_FDCWD, path.c_str(), 0, 0, &info) == 0 &&
         (info.stx_attributes & info.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool holds(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

// Returns an error if the path leads through a link that another user made: that user would decide
// where the results go.
std::optional<FileError> check_links(const fs::path& path, const fs::path& asked) {
  fs::path walked;
  for (const fs::path& part : path) {
    walked /= part;
    struct stat info {};
    if (::lstat(walked.c_str(), &info) != 0) return std::nullopt;  // the rest is made
    if (!S_ISLNK(info.st_mode) || is_trusted_owner(info.st_uid)) continue;
    return FileError{asked, "leads through " + walked.string() +
                                ", a link that another user made (name another folder)"};
  }
  return std::nullopt;
}

std::optional<FileError> check_name(const fs::path& folder, const fs::path& asked) {
  const std::string name = folder.filename().native();
  if (name.size() <= kPartialEnding.size() + 1 || !name.starts_with('.') ||
      !name.ends_with(kPartialEnding)) {
    return std::nullopt;
  }
  return FileError{asked,
                   "has a name that is for unfinished results (name a folder that does not begin "
                   "with a dot and end with .partial)"};
}

// The path names something that exists.
herd::Result<fs::path, FileError> resolve_existing(const fs::path& path, const fs::path& asked) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error == std::errc::no_such_file_or_directory) {
    return FileError{asked, "is a link to nothing (make the folder it names, or remove the link)"};
  }
  if (error) return os_error(asked, "cannot be found", error);
  if (!real.has_relative_path()) {
    return FileError{asked, "is the root folder and cannot be replaced (name a folder in it)"};
  }
  if (const fs::path current = fs::current_path(error); !error && holds(real, current)) {
    return FileError{asked,
                     "holds the folder that the program runs in and cannot be replaced (name a "
                     "folder in it, or run from outside)"};
  }
  if (is_mount_point(real)) {
    return FileError{asked, "is a mount point and cannot be replaced (name a folder in it)"};
  }
  return real;
}

// The path names nothing yet.
herd::Result<fs::path, FileError> resolve_new(const fs::path& path, const fs::path& asked) {
  std::error_code error;
  if (path.filename() == "." || path.filename() == "..") {
    return os_error(asked, "cannot be used",
                    std::make_error_code(std::errc::no_such_file_or_directory));
  }
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  fs::create_directories(parent, error);
  if (error) return os_error(parent, "cannot be created", error);
  const fs::path real = fs::canonical(parent, error);
  if (error) return os_error(parent, "cannot be found", error);
  return real / path.filename();
}

}  // namespace

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

fs::path partial_name_of(const fs::path& folder) {
  return folder.parent_path() / ('.' + folder.filename().native() + std::string(kPartialEnding));
}

herd::Result<fs::path, FileError> resolve_folder(const fs::path& asked) {
  std::string name = asked.native();
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  if (name.empty()) return FileError{".", "no folder is named (name one, as results/mine)"};
  const fs::path path = name;
  if (auto error = check_links(path, asked)) return *error;
  auto folder = is_there(path) ? resolve_existing(path, asked) : resolve_new(path, asked);
  if (!folder) return folder;
  if (auto error = check_name(*folder, asked)) return *error;
  return folder;
}

}  // namespace sim
