// How a server proves to a neighbour that it belongs to the herd, without saying the herd's secret:
// an HMAC (libsodium's crypto_auth, HMAC-SHA-512-256) of the herd's, its own and the neighbour's
// name, keyed with the secret, in hexadecimal.
#pragma once

#include <string>

#include "core/result.h"
#include "sim/io/uv_error.h"

namespace sim {

// A secret for one run, from the system's randomness.
std::string make_secret();

// The first line of a file, without its ending. An error where it cannot be read or is empty.
herd::Result<std::string, Error> read_secret(const std::string& file);

std::string link_proof(const std::string& secret, const std::string& herd, const std::string& from,
                       const std::string& to);

}  // namespace sim
