// The error messages for wrong overrides, options, texts and files, as whole lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_errors_support.h"

namespace sim {
namespace {

using test::errors_of;
using test::errors_with;
using testing::ElementsAre;

TEST(ScenarioErrors, OfOverridesSayWhereTheyCameFrom) {
  struct OverrideRow {
    std::string_view path, value, error;
  };
  constexpr OverrideRow kRows[] = {
      {"duration", "soon",
       R"(1: duration: "soon" is not a duration that can be used, given by --set duration )"
       R"((a duration above zero and at most 8760h, as "250us", "20ms", "5s", "2min" or "1h"))"},
      {"herds.0.propogation", "flood",
       "1: herds.0.propogation: unknown key, given by --set herds.0.propogation "
       "(did you mean 'propagation'?)"},
      {"clients.0.mobility.speed", "3m/s",
       "2: clients.0.mobility.model: is missing, given by --set clients.0.mobility.speed "
       R"(("still", "waypoints", "random_waypoint", "gauss_markov", "levy_walk" or "trace"))"},
      {"clients.1.id", "d",
       R"(2: clients.1.id: "1" is not in the list "clients", given by --set clients.1.id )"
       "(an index from 0 to 0)"},
      {"clients.x", "d",
       R"(2: clients.x: "x" is not in the list "clients", given by --set clients.x )"
       "(an index from 0 to 0)"},
      {"name.first", "d",
       R"(1: name.first: "name" is neither an object nor a list, given by --set name.first )"
       R"((all of "name" at once))"},
      {"expect.0.herd", "a",
       "1: expect.0.herd: leads to what is not there, given by --set expect.0.herd "
       "(a list can only be given whole)"},
      {"a..b", "1", "1: a..b: is not a path, given by --set a..b (as herds.0.propagation)"},
      {"name", "\xff", "1: name: is not UTF-8, given by --set name (JSON, or a text for a string)"},
  };
  for (const auto& [path, value, error] : kRows) {
    SCOPED_TRACE(path);
    LoadOptions options;
    options.overrides = {{std::string(path), std::string(value)}};
    EXPECT_THAT(errors_with(R"("clients": [{"id": "c", "server": "Ball"}])", options),
                ElementsAre("t.json:" + std::string(error)));
  }
}

TEST(ScenarioErrors, OfOptionsSayWhereTheyCameFrom) {
  LoadOptions options;
  options.clock = "virtul";
  options.seed = 0xffff'ffff'ffff'ffff;
  EXPECT_THAT(errors_with(R"("seed": 4)", options),
              ElementsAre(R"(t.json:1: clock: "virtul" is not known here, given by --clock )"
                          "(did you mean 'virtual'?)",
                          "t.json:2: seed: 1.8446744073709552e+19 is out of range, given by --seed "
                          "(a whole number from 0 to 9223372036854775807)"));
}

TEST(ScenarioErrors, OfTextThatIsNotJson) {
  EXPECT_THAT(errors_of(""), ElementsAre("t.json:1: scenario: is not JSON: column 1: is empty (a "
                                         "scenario)"));
  EXPECT_THAT(errors_of("{\n\"name\": }"),
              ElementsAre("t.json:2: scenario: is not JSON: column 9: unexpected token near '}'"));
  EXPECT_THAT(
      errors_of("{\"name\": \"a\",\n\"name\": \"b\"}"),
      ElementsAre(
          R"(t.json:2: scenario: is not JSON: column 6: duplicate object key near '"name"')"));
  EXPECT_THAT(errors_of("[]"), ElementsAre("t.json:1: scenario: is a list (an object)"));
}

TEST(ScenarioErrors, OfFilesThatCannotBeRead) {
  const auto errors = [](const std::string& file) {
    const auto scenario = load_scenario(file);
    return scenario.ok() ? ScenarioErrors{"no errors"} : scenario.error();
  };
  EXPECT_THAT(errors("/nonexistent/s.json"),
              ElementsAre("/nonexistent/s.json: scenario: cannot be read: "
                          "No such file or directory"));
  EXPECT_THAT(errors("/"), ElementsAre("/: scenario: cannot be read: Is a directory"));
}

}  // namespace
}  // namespace sim
