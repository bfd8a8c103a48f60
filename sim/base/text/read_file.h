// Reads a complete file as text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/result.h"

namespace sim {

// Returns nullopt if the file cannot be read; errno then has the reason. Blocks. For the system's
// own files; the functions below are for files that others name.
std::optional<std::string> read_file(const std::string& file);

// Why a file cannot be read, as "cannot be read: No such file or directory".
struct FileFault {
  std::string what;
};

// These return the text of a file. One of more than `most` bytes is an error.

// Reads a regular file. Devices and pipes, which may have no end, are an error.
herd::Result<std::string, FileFault> read_regular_file(const std::string& file, std::size_t most);

// Returns why such a file cannot be read, without reading it; nullopt if it can.
std::optional<std::string> check_regular_file(const std::string& file, std::size_t most);

// Reads what the user named on the command line: any file, or standard input if that is `-`. Waits
// for a pipe that somebody is writing to.
herd::Result<std::string, FileFault> read_named_input(const std::string& file, std::size_t most);

}  // namespace sim
