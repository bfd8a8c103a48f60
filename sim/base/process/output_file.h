// Keeps a program's output in a file, up to a limit.
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
  // Adds to what the file holds already. `max_bytes` are those that are added; where there is more,
  // a last line says so.
  [[nodiscard]] std::optional<Error> open(const std::string& path, std::uint64_t max_bytes);
  // Blocking, as files are. Nothing where none is open. After the first error nothing is written.
  void write(std::string_view bytes);
  void close() { file_.reset(); }

  // The first that writing met.
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
