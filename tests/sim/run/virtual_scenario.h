// Scenarios in virtual time, for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "sim/script/read/load_scenario.h"

namespace sim {

// Returns a scenario with these members of its object, as R"("duration": "1s")". If they are not
// valid, the test fails.
inline Scenario virtual_scenario(const std::string& members) {
  auto scenario =
      parse_scenario("test.json", R"({"name": "t", "clock": "virtual", )" + members + "}");
  if (scenario) return std::move(scenario).value();
  for (const std::string& line : scenario.error()) ADD_FAILURE() << line;
  return {};
}

}  // namespace sim
