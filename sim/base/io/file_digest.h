// The SHA-256 of a file.
#pragma once

#include <optional>
#include <string>

namespace sim {

// Returns the digest of the file's content as 64 hexadecimal digits, as sha256sum prints it;
// nullopt if the file cannot be read. Blocks.
std::optional<std::string> sha256_of_file(const std::string& file);

}  // namespace sim
