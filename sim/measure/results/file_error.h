// An error with a file or folder of the results.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace sim {

struct FileError {
  std::filesystem::path path;
  std::string what;  // for example "cannot be written: No space left on device"

  // Returns one line for people, without a newline.
  std::string message() const { return path.string() + ": " + what; }
};

// Returns an error with the text of an errno: "cannot be opened" and ENOENT give "cannot be opened:
// No such file or …".
inline FileError system_error(const std::filesystem::path& path, std::string_view what,
                              int number) {
  return {path, std::string(what) + ": " + std::generic_category().message(number)};
}

}  // namespace sim
