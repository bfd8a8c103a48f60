// What went wrong with a file or folder of the results, and with which one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace sim {

struct FileError {
  std::filesystem::path path;
  std::string what;  // "cannot be written: No space left on device"

  // One line for people, without its ending.
  std::string message() const { return path.string() + ": " + what; }
};

// `number` is an errno: "cannot be opened" and ENOENT say "cannot be opened: No such file or …".
inline FileError system_error(const std::filesystem::path& path, std::string_view what,
                              int number) {
  return {path, std::string(what) + ": " + std::generic_category().message(number)};
}

}  // namespace sim
