#include "sim/worlds/live/link_authenticator.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "sim/worlds/live/herd_secret.h"

namespace sim {
namespace {

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

LinkAuthenticator::LinkAuthenticator(const std::string& secret) {
  static_assert(crypto_auth_KEYBYTES == crypto_hash_sha256_BYTES);
  std::array<unsigned char, crypto_auth_KEYBYTES> key{};
  crypto_hash_sha256(key.data(), bytes_of(secret), secret.size());
  key_.assign(key.begin(), key.end());
}

std::string LinkAuthenticator::make_nonce() { return random_hex(); }

std::string LinkAuthenticator::mac(const herd::MacFields& fields) {
  // No field contains a space, so no two sets of fields have the same text.
  const std::string text = fmt::format("{} {} {} {} {} {}", fields.word, fields.herd, fields.from,
                                       fields.to, fields.from_nonce, fields.to_nonce);
  std::array<unsigned char, crypto_auth_BYTES> mac{};
  crypto_auth(mac.data(), bytes_of(text), text.size(), bytes_of(key_));
  return to_hex(mac.data(), mac.size());
}

}  // namespace sim
