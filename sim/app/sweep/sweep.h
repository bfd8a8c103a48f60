// A sweep as data: a scenario, its swept keys, and the values of each. Every combination of values
// is one scenario, a point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/shards/shard.h"
#include "sim/app/sweep/limits.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr std::string_view kSeedKey = "seed";

struct SweptValue {
  std::string json;  // JSON text
  // A share such as "1%" as a number, 0.01; other strings without their quotes; anything else as
  // JSON on one line.
  std::string shown;
};

struct SweptKey {
  std::string path;    // as in the file: `herds.*.servers`
  std::string column;  // its name in CSV: `herds_servers`
  std::vector<SweptValue> values;
};

struct Sweep {
  std::string file;  // the file's name as the user gave it
  std::string name;
  std::uint64_t seed = 1;  // of the scenario without its sweep
  ClockKind clock = ClockKind::kLive;
  // From one point to the next, the last key changes fastest. If the seed is swept, it is the last
  // key.
  std::vector<SweptKey> keys;
  std::string base;            // the scenario's JSON without its sweep; each point changes a copy
  std::string as_run;          // the whole JSON, with overrides applied
  std::size_t checked = 0;     // points that were validated when the sweep was read
  std::optional<Shard> shard;  // whose points alone are checked and run; nullopt: all are
  std::vector<std::string> warnings;  // as Scenario has them, of the scenario without its sweep

  std::size_t points() const;
  // Returns the index of each key's value at this point. Points count from 0.
  std::vector<std::size_t> choice(std::size_t point) const;
  // Returns the number of keys except the seed; they are the first ones. Points that differ only in
  // the seed are adjacent.
  std::size_t keys_but_seed() const;
  // Returns the number of seeds per combination of the other keys.
  std::size_t seeds() const;
  // Returns the values of a point: "herds.*.servers = 5, seed = 3".
  std::string describe(std::size_t point) const;
};

}  // namespace sim
