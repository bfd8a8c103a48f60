// A part of work that several processes share: of a sweep's points, of a swarm's seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

inline constexpr std::uint64_t kMostShards = 1'000'000;

struct Shard {
  std::uint64_t number = 1;  // in [1, of]
  std::uint64_t of = 1;      // the number of shards; in [1, kMostShards]
  friend bool operator==(const Shard&, const Shard&) = default;
};

// Returns "2/4".
std::string to_string(const Shard& shard);
// Returns the name of the shard's folder beside those of the others: "2-of-4".
std::string folder_name(const Shard& shard);
// Reads "2/4"; nullopt for any other text.
std::optional<Shard> read_shard(std::string_view text);
// Reads a number of shards; nullopt for any other text.
std::optional<std::uint64_t> read_shard_count(std::string_view text);

}  // namespace sim
