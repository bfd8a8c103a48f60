// The nonces and MACs of our own servers' handshakes. A MAC is the first 32 bytes of HMAC-SHA-512
// (libsodium's crypto_auth) in hexadecimal. Its text is the fields of herd::MacFields with one
// space between them, and its key is the secret's SHA-256. So a server in any language can compute
// it with its standard library.
#pragma once

#include <string>

#include "core/handshake.h"

namespace sim {

class LinkAuthenticator final : public herd::Authenticator {
 public:
  explicit LinkAuthenticator(const std::string& secret);

  // Returns 32 bytes of the system's randomness in hexadecimal.
  std::string make_nonce() override;
  std::string mac(const herd::MacFields& fields) override;

 private:
  std::string key_;  // the secret's SHA-256
};

}  // namespace sim
