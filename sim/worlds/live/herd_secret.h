// The secret by which the servers of a herd know each other, and other random numbers that an
// attacker must not foresee.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "core/siphash.h"
#include "sim/base/io/uv_error.h"

namespace sim {

inline constexpr std::size_t kMinSecret = 16;  // bytes
inline constexpr std::size_t kMaxSecret = 1024;

// Returns 32 bytes of the system's randomness in hexadecimal: a nonce, or a secret for one run.
std::string random_hex();
// Returns a random key for a table whose keys strangers choose.
herd::SipKey random_hash_key();

std::string to_hex(const unsigned char* bytes, std::size_t size);

// Returns the first line of a file without its ending, or of standard input if `file` is `-`. Waits
// for a pipe that somebody is writing to. Returns an error if the file cannot be read, if others
// than its owner may read or write it, if it belongs to another user, or if the secret is shorter
// than kMinSecret or longer than kMaxSecret. Standard input may also be a pipe or a terminal.
herd::Result<std::string, Error> read_secret(const std::string& file);

}  // namespace sim
