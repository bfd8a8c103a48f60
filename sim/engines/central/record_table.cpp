#include "sim/engines/central/record_table.h"

#include <sodium.h>

#include <array>

namespace sim {

std::string record_key(std::string_view client) {
  // PostgreSQL's B-trees take keys of a little less than 2,704 bytes.
  constexpr std::size_t kLongestKey = 1000;
  if (client.size() <= kLongestKey) return std::string(client);
  std::array<unsigned char, crypto_hash_sha512_BYTES> hash{};
  crypto_hash_sha512(hash.data(), reinterpret_cast<const unsigned char*>(client.data()),
                     client.size());
  std::string key(1, ' ');
  key.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  return key;
}

}  // namespace sim
