// A file that is written from its beginning to its end, through a buffer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/measure/results/file_error.h"

namespace sim {

// Creates the file in the place of an existing one; never writes through a link. After the first
// error it drops all further data; close() returns that error, so a caller checks once, at the end.
// A process that may meet a limit on file sizes must ignore SIGXFSZ, to get EFBIG instead. One
// thread at a time.
class OutFile {
 public:
  explicit OutFile(std::filesystem::path path);
  ~OutFile();  // closes the file; to learn of errors, call close() first
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  void write(std::string_view bytes);

  // Writes the buffer and closes the file. Returns the first error since the file was opened, and
  // returns it again in later calls.
  std::optional<FileError> close();

 private:
  void flush();
  void fail(std::string_view what, int number);

  std::filesystem::path path_;
  int fd_ = -1;
  std::string buffer_;
  std::optional<FileError> error_;
};

}  // namespace sim
