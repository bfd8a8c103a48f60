// The errors of wrong scenarios, as whole lines.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/script/read/load_scenario.h"

namespace sim::test {

// Returns all errors of a text.
inline ScenarioErrors errors_of(const std::string& text, const LoadOptions& options = {}) {
  const auto scenario = parse_scenario("t.json", text, options);
  return scenario.ok() ? ScenarioErrors{"no errors"} : scenario.error();
}

// Returns the errors of a scenario with one client, `c`. The interesting members are on line 2.
inline ScenarioErrors errors_with(std::string_view members, const LoadOptions& options = {}) {
  return errors_of(R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}],)"
                   "\n" +
                       std::string(members) + "}",
                   options);
}

// Wrong members of a scenario, and their error.
struct ErrorCase {
  std::string_view name, members, error;
};

}  // namespace sim::test
