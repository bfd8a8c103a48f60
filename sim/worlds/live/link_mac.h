// How a server proves to a neighbour that it belongs to the herd, without saying the herd's secret:
// the first 32 bytes of HMAC-SHA-512 (libsodium's crypto_auth) of the herd's, its own and the
// neighbour's name, a space between them, keyed with the secret's SHA-256, in hexadecimal. So a
// server in any language can make it with its standard library.
#pragma once

#include <string>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// A secret for one run, from the system's randomness.
std::string make_secret();

// The first line of a file, without its ending. An error where it cannot be read or is empty.
herd::Result<std::string, Error> read_secret(const std::string& file);

std::string link_mac(const std::string& secret, const std::string& herd, const std::string& from,
                     const std::string& to);

}  // namespace sim
