// How two servers prove to each other that they know the herd's secret, see PROTOCOL.md.
//
// Each endpoint of a new connection draws a nonce, and both nonces are in both MACs. So a MAC is
// valid for one connection, one direction and one role, and replayed lines prove nothing.
#pragma once

#include <string>
#include <string_view>

namespace herd {

// The fields that a MAC covers, in this order. The word of the line that carries the MAC is the
// sender's role: only the server that dialled says MAC, and only the other one says LINKED.
struct MacFields {
  std::string_view word;  // MAC or LINKED
  std::string_view herd, from, to;
  std::string_view from_nonce, to_nonce;
};

// The world around a server decides how nonces and MACs are made. Both are bytes without white
// space.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Returns a nonce that nobody can foresee and that never comes again.
  virtual std::string make_nonce() = 0;
  // Returns what only those who know the herd's secret can compute.
  virtual std::string mac(const MacFields& fields) = 0;
};

}  // namespace herd
