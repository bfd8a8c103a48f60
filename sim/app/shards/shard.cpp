#include "sim/app/shards/shard.h"

#include "sim/base/text/numbers.h"

namespace sim {

std::string to_string(const Shard& shard) {
  return std::to_string(shard.number) + '/' + std::to_string(shard.of);
}

std::string folder_name(const Shard& shard) {
  return std::to_string(shard.number) + "-of-" + std::to_string(shard.of);
}

std::optional<Shard> read_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = read_shard_count(text.substr(0, slash));
  const auto of = read_shard_count(text.substr(slash + 1));
  if (!number || !of || *number > *of) return std::nullopt;
  return Shard{*number, *of};
}

std::optional<std::uint64_t> read_shard_count(std::string_view text) {
  const auto count = read_whole<std::uint64_t>(text);
  if (!count || *count < 1 || *count > kMostShards) return std::nullopt;
  return count;
}

}  // namespace sim
