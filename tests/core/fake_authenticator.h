// Nonces and MACs that tests can foresee and read.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/handshake.h"

namespace herd {

// The MAC of tests: `WORD:FROM>TO:FROM_NONCE:TO_NONCE`.
inline std::string fake_mac(std::string_view word, std::string_view from, std::string_view to,
                            std::string_view from_nonce, std::string_view to_nonce) {
  std::string out(word);
  out.append(":").append(from).append(">").append(to);
  return out.append(":").append(from_nonce).append(":").append(to_nonce);
}

// The nonces of one server in their order: `PREFIX1`, `PREFIX2`, …
class FakeAuthenticator final : public Authenticator {
 public:
  explicit FakeAuthenticator(std::string prefix = "n") : prefix_(std::move(prefix)) {}

  std::string make_nonce() override { return last_ = prefix_ + std::to_string(++made_); }
  std::string mac(const MacFields& fields) override {
    return fake_mac(fields.word, fields.from, fields.to, fields.from_nonce, fields.to_nonce);
  }
  const std::string& last() const { return last_; }

 private:
  std::string prefix_, last_;
  int made_ = 0;
};

}  // namespace herd
