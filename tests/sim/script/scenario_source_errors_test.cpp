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

TEST(ScenarioErrors, NullTakesKeysAway) {
  const auto text = [](std::string_view more) {
    return R"({"name": "t", "duration": "1s", "herds": [{"name": "a", "recovery": "sync"}], )" +
           std::string(more) + R"("seed": 4})";
  };
  LoadOptions options;
  options.overrides = {{"herds.*.recovery", "null"}, {"seed", "null"}, {"sweep", "null"}};
  const auto scenario = parse_scenario("t.json", text(""), options);
  ASSERT_TRUE(scenario.ok());
  EXPECT_EQ(scenario->herds.front().recovery, herd::Recovery::kNone);
  EXPECT_EQ(scenario->seed, 1U);
  options.overrides = {{"herds.0.recovry", "null"}};
  EXPECT_THAT(errors_of(text(""), options),
              ElementsAre("t.json:1: herds.0.recovry: is not in the scenario, so there is nothing "
                          "to unset, given by --set herds.0.recovry (did you mean \"recovery\"?)"));
  options.overrides = {{"herds.0.name", "null"}};
  EXPECT_THAT(errors_of(text(""), options),
              ElementsAre(testing::HasSubstr("herds.0.name: is missing, given by --set")));
}

TEST(ScenarioErrors, ExpectationsCanBeLeftOut) {
  constexpr std::string_view kExpect = R"("expect": [{"herd": "b", "metric": "lost", "min": 1}])";
  LoadOptions options;
  EXPECT_THAT(errors_with(kExpect, options), testing::SizeIs(1));
  options.no_expect = true;
  EXPECT_THAT(errors_with(kExpect, options), ElementsAre("no errors"));
}

constexpr std::string_view kEngine =
    R"({"command": ["herd", "{server}", "{port}", "{neighbors}"]})";

std::string two_herds(std::string_view engine) {
  return R"({"name": "t", "duration": "1s", "herds": [{"name": "a", "recovery": "sync",
"propagation": "plumtree", "link": {"latency": "1ms"})" +
         std::string(engine) + R"(}, {"name": "b", "recovery": "sync"}]})";
}

TEST(ScenarioErrors, AReplacedEngineLeavesOutWhatOtherProgramsCannotDo) {
  LoadOptions options;
  options.overrides = {{"herds.0.engine", std::string(kEngine)}};
  const auto scenario = parse_scenario("t.json", two_herds(""), options);
  ASSERT_TRUE(scenario.ok()) << scenario.error().front();
  constexpr std::string_view kWhy =
      ": warning: is left out, because another program now hosts this herd (tell the program in "
      "its own way, if it has such a thing)";
  EXPECT_THAT(scenario->warnings, ElementsAre("t.json:1: herds.0.recovery" + std::string(kWhy),
                                              "t.json:2: herds.0.propagation" + std::string(kWhy)));
  EXPECT_EQ(scenario->herds[0].recovery, herd::Recovery::kNone);
  EXPECT_GT(scenario->herds[0].link.forward.latency.count(), 0) << "its links run through us";
  EXPECT_EQ(scenario->herds[1].recovery, herd::Recovery::kSync);
  EXPECT_EQ(scenario->as_run.find("plumtree"), std::string::npos);
}

TEST(ScenarioErrors, OfAnotherProgramsHerdStayErrorsInItsOwnFile) {
  const std::string text = two_herds(R"(, "engine": )" + std::string(kEngine));
  EXPECT_THAT(errors_of(text), testing::SizeIs(testing::Ge(2)));
  LoadOptions options;
  options.overrides = {{"herds.0.engine", std::string(kEngine)}, {"herds.0.recovery", "sync"}};
  EXPECT_THAT(errors_of(two_herds(""), options),
              ElementsAre(testing::HasSubstr("herds.0.recovery: is of our own servers")));
}

}  // namespace
}  // namespace sim
