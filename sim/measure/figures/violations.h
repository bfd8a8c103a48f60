// The promises that a herd broke during a run, found by the checker.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct Violations {
  std::uint64_t count = 0;
  std::vector<std::string> sentences;  // the first hundred
};

}  // namespace sim
