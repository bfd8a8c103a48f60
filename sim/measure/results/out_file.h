// A file that is written from its beginning to its end, through a buffer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/measure/results/file_error.h"

namespace sim {

// Creates the file, or empties it where it exists. The first thing that fails is kept, what is
// written after it is dropped, and close() tells: a caller checks once, at the end. A process that
// may meet a limit on file sizes has to ignore SIGXFSZ to get here with EFBIG. Not for several
// threads at once.
class OutFile {
 public:
  explicit OutFile(std::filesystem::path path);
  ~OutFile();  // closes; whoever wants to know of errors calls close() first
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  void write(std::string_view bytes);

  // Writes what is buffered and closes. Returns the first error since the file was opened, also
  // when called again.
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
