// Stores a program's output in a file, up to a limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/io/owned_fd.h"
#include "sim/base/io/uv_error.h"

namespace sim {

class OutputFile {
 public:
  // Opens the file for appending. `max_bytes` limits the added bytes; if there is more output, a
  // last line says so.
  [[nodiscard]] std::optional<Error> open(const std::string& path, std::uint64_t max_bytes);
  // Writes and may block, as files do. No effect if no file is open, or after the first error.
  void write(std::string_view bytes);
  void close() { file_.reset(); }

  // Returns the first error in writing.
  const std::optional<Error>& error() const { return error_; }

 private:
  void put(std::string_view bytes);

  OwnedFd file_;
  std::string path_;
  std::uint64_t max_bytes_ = 0;
  std::uint64_t left_ = 0;
  bool at_line_start_ = true;
  std::optional<Error> error_;
};

}  // namespace sim
