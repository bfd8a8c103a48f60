// A sweep as data: a scenario, the keys of it that are varied, and the values that each of them
// takes. It stands for one scenario for each combination of values, its points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/sweep/limits.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr std::string_view kSeedKey = "seed";

struct SweptValue {
  std::string json;   // as text
  std::string shown;  // a string without its quotes, all else as JSON on one line
};

struct SweptKey {
  std::string path;  // as written: `herds.*.servers`
  std::vector<SweptValue> values;
};

struct Sweep {
  std::string file;  // where it was read from, as given
  std::string name;
  std::uint64_t seed = 1;  // of the scenario without the sweep
  ClockKind clock = ClockKind::kLive;
  // The last key changes fastest from point to point. The seed, where it is swept, is the last.
  std::vector<SweptKey> keys;
  std::string base;    // the scenario's JSON without the sweep, which each point changes
  std::string as_run;  // the JSON that all was read from, overrides applied

  std::size_t points() const;
  // For each key, which of its values the point has. Points count from 0.
  std::vector<std::size_t> choice(std::size_t point) const;
  // How many of the keys are not the seed: the first so many. Points that agree in them follow each
  // other.
  std::size_t keys_but_seed() const;
  // How many points agree in all keys but the seed.
  std::size_t seeds() const;
  // "herds.*.servers = 5, seed = 3"
  std::string describe(std::size_t point) const;
};

}  // namespace sim
