#include "sim/worlds/live/link_mac.h"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace sim {
namespace {

template <std::size_t Size>
std::string to_hex(const std::array<unsigned char, Size>& bytes) {
  std::array<char, Size * 2 + 1> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string make_secret() {
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes);
}

herd::Result<std::string, Error> read_secret(const std::string& file) {
  std::ifstream in(file);
  if (!in) return Error{file + ": cannot be read: " + std::strerror(errno)};
  std::string secret;
  std::getline(in, secret);
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) return Error{file + ": holds no secret (its first line is the secret)"};
  return secret;
}

std::string link_mac(const std::string& secret, const std::string& herd, const std::string& from,
                     const std::string& to) {
  std::array<unsigned char, crypto_auth_KEYBYTES> key{};
  static_assert(crypto_auth_KEYBYTES == crypto_hash_sha256_BYTES);
  crypto_hash_sha256(key.data(), bytes_of(secret), secret.size());
  // Names hold no spaces, so that no two triples read the same.
  const std::string names = herd + ' ' + from + ' ' + to;
  std::array<unsigned char, crypto_auth_BYTES> mac{};
  crypto_auth(mac.data(), bytes_of(names), names.size(), key.data());
  return to_hex(mac);
}

}  // namespace sim
