#include "sim/app/sweep/load_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/app/sweep_support.h"

namespace sim {
namespace {

using test::sweep_of;
using test::sweep_text;
using test::try_sweep;
using testing::ElementsAre;

std::vector<std::string> points_of(const Sweep& sweep) {
  std::vector<std::string> points;
  for (std::size_t p = 0; p < sweep.points(); ++p) points.push_back(sweep.describe(p));
  return points;
}

Scenario point_of(const Sweep& sweep, std::size_t point) {
  auto scenario = point_scenario(sweep, point);
  if (scenario) return std::move(*scenario);
  for (const std::string& error : scenario.error()) ADD_FAILURE() << error;
  return {};
}

// Returns all errors of a text, without the file's name.
std::vector<std::string> errors_of(const std::string& text, const LoadOptions& options = {}) {
  const auto sweep = try_sweep(text, options);
  if (sweep) return {};
  std::vector<std::string> errors;
  for (const std::string& error : sweep.error()) errors.push_back(error.substr(sizeof "t.json"));
  return errors;
}

TEST(LoadSweep, TheLastKeyChangesFastestAndTheSeedAlways) {
  const Sweep sweep = sweep_of(sweep_text(
      R"({"seed": [7, 3], "herds.0.propagation": ["flood", "flood-echo"], "drain": ["1s", "2s"]})"));
  EXPECT_THAT(points_of(sweep),
              ElementsAre("herds.0.propagation = flood, drain = 1s, seed = 7",
                          "herds.0.propagation = flood, drain = 1s, seed = 3",
                          "herds.0.propagation = flood, drain = 2s, seed = 7",
                          "herds.0.propagation = flood, drain = 2s, seed = 3",
                          "herds.0.propagation = flood-echo, drain = 1s, seed = 7",
                          "herds.0.propagation = flood-echo, drain = 1s, seed = 3",
                          "herds.0.propagation = flood-echo, drain = 2s, seed = 7",
                          "herds.0.propagation = flood-echo, drain = 2s, seed = 3"));
  EXPECT_EQ(sweep.keys_but_seed(), 2);
  EXPECT_EQ(sweep.seeds(), 2);
}

TEST(LoadSweep, EachPointIsTheScenarioWithItsValues) {
  const Sweep sweep = sweep_of(
      sweep_text(R"({"herds.*.servers": [5, 8], "herds.0.links": ["ring", {"regular": 4}]})"));
  ASSERT_EQ(sweep.points(), 4);
  const Scenario first = point_of(sweep, 0);
  EXPECT_EQ(first.herds[0].servers.size(), 5);
  EXPECT_EQ(first.herds[0].links.size(), 5);
  const Scenario last = point_of(sweep, 3);
  EXPECT_EQ(last.herds[0].servers.size(), 8);
  EXPECT_EQ(last.herds[0].links.size(), 16);
  EXPECT_EQ(last.herds[1].servers.size(), 8);
  EXPECT_EQ(last.herds[1].links.size(), 28);
  EXPECT_EQ(last.name, "t");
  EXPECT_EQ(last.seed, 1);
}

TEST(LoadSweep, WhatAPointRanIsAScenarioByItself) {
  const Sweep sweep = sweep_of(sweep_text(R"({"herds.*.servers": [5, 8], "seed": {"count": 2}})"));
  const Scenario point = point_of(sweep, 3);
  const auto again = parse_scenario("t.json", point.as_run);
  ASSERT_TRUE(again);
  EXPECT_EQ(again.value().seed, 2);
  EXPECT_EQ(again.value().herds[1].servers.size(), 8);
  EXPECT_EQ(again.value().as_run, point.as_run);
}

TEST(LoadSweep, SeedsAreCountedFromTheScenarios) {
  const std::string text = sweep_text(R"({"seed": {"count": 3}})", R"("seed": 40,)");
  EXPECT_THAT(points_of(sweep_of(text)), ElementsAre("seed = 40", "seed = 41", "seed = 42"));
  LoadOptions options;
  options.seed = 7;
  EXPECT_THAT(points_of(sweep_of(text, options)), ElementsAre("seed = 7", "seed = 8", "seed = 9"));
  EXPECT_EQ(point_of(sweep_of(text, options), 2).seed, 9);
  EXPECT_THAT(points_of(sweep_of(sweep_text(R"({"seed": {"count": 2}})"))),
              ElementsAre("seed = 1", "seed = 2"));
}

TEST(LoadSweep, NumbersKeepAllTheirDigits) {
  const Sweep sweep =
      sweep_of(sweep_text(R"({"herds.0.link": [{"loss": 0.12345678901234566}], "seed": [1]})"));
  EXPECT_EQ(point_of(sweep, 0).herds[0].link.forward.loss, 0.12345678901234566);
}

TEST(LoadSweep, TheCommandLineChangesTheScenarioAndItsSweep) {
  const std::string text = sweep_text(R"({"drain": ["1s", "2s"]})");
  LoadOptions options;
  options.overrides = {{"sweep.seed.count", "2"},
                       {"sweep.drain", R"(["3s"])"},
                       {"sweep.herds.*.servers", "[4]"},
                       {"duration", "9s"}};
  const Sweep sweep = sweep_of(text, options);
  EXPECT_THAT(points_of(sweep), ElementsAre("drain = 3s, herds.*.servers = 4, seed = 1",
                                            "drain = 3s, herds.*.servers = 4, seed = 2"));
  EXPECT_EQ(point_of(sweep, 0).duration, std::chrono::seconds(9));
  EXPECT_NE(sweep.as_run.find("\"9s\""), std::string::npos);
}

TEST(LoadSweep, NullTakesItAwayButNotInTheFile) {
  LoadOptions options;
  options.overrides = {{"sweep", "null"}};
  const auto document = parse_document("t.json", sweep_text(R"({"drain": ["1s"]})"), options);
  ASSERT_TRUE(document);
  EXPECT_FALSE(document.value().has_sweep());
  EXPECT_TRUE(to_scenario(document.value()));
  EXPECT_THAT(
      errors_of(sweep_text("null")),
      ElementsAre(testing::HasSubstr("8: sweep: is null (an object with a list of values")));
}

struct Row {
  std::string_view what, sweep;
  std::vector<std::string> errors;
};

TEST(LoadSweep, ErrorsNameTheSweptValuesThatCauseThem) {
  const Row rows[] = {
      {"a value",
       R"({"herds.*.servers": [5,
   0]})",
       {"9: herds.0.servers: 0 is out of range, when the sweep sets herds.*.servers = 0 (a whole "
        "number from 1 to 1000000)",
        "9: herds.1.servers: 0 is out of range, when the sweep sets herds.*.servers = 0 (a whole "
        "number from 1 to 1000000)"}},
      {"a key, whatever its value",
       R"({"herds.0.sevrers": [5, 6], "seed": {"count": 2}})",
       {"8: herds.0.sevrers: unknown key, when the sweep sets herds.0.sevrers (did you mean "
        "'servers'?)"}},
      {"two values together",
       R"({"herds.*.servers": [5, 3, 8, 4], "herds.0.links": ["ring", {"regular": 4}]})",
       {"8: herds.0.links.regular: 3 server(s) cannot have 4 link(s) each, when the sweep sets "
        "herds.*.servers = 3 and herds.0.links = {\"regular\":4} (fewer links each than there are "
        "servers)",
        "8: herds.0.links.regular: 4 server(s) cannot have 4 link(s) each, when the sweep sets "
        "herds.*.servers = 4 and herds.0.links = {\"regular\":4} (fewer links each than there are "
        "servers)"}},
      {"elsewhere, once for several values",
       R"({"herds.*.servers": [2, 1, 5]})",
       {"4: herds.0.links: a ring cannot be made of 2 server(s), when the sweep sets "
        "herds.*.servers = 2 (at least 3 servers)",
        "4: herds.0.links: a ring cannot be made of 1 server(s), when the sweep sets "
        "herds.*.servers = 1 (at least 3 servers)"}},
      {"many values",
       R"({"clients.0.server": ["S5"], "herds.*.servers": [3, 4, 5, 6], "seed": {"count": 3}})",
       {"8: clients.0.server: there is no server \"S5\" in herd \"a\" and 1 more, when the sweep "
        "sets clients.0.server = \"S5\" and herds.*.servers = 3, 4 (did you mean 'S1'?)"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(errors_of(sweep_text(std::string(row.sweep))), row.errors) << row.what;
  }
}

TEST(LoadSweep, ValuesBeyondTheFirstFewAreNotNamed) {
  const std::string text =
      sweep_text(R"({"clients.0.server": ["S9"], "herds.*.servers": [3, 4, 5, 6, 7, 8, 9]})");
  EXPECT_THAT(errors_of(text),
              ElementsAre(testing::HasSubstr("S9\" and herds.*.servers = 3, 4, 5, 6, 7, 8 (")));
  const std::string more = sweep_text(
      R"({"clients.0.server": ["S9"], "herds.*.servers": [3, 4, 5, 6, 7, 8, 9, 2.0e0]})");
  EXPECT_THAT(
      errors_of(more),
      testing::Contains(testing::HasSubstr("S9\" and herds.*.servers = 3, 4, 5, 6, 7, 8, ... (")));
}

TEST(LoadSweep, WhatIsWrongWithoutTheSweepIsToldOnceAndAsEver) {
  EXPECT_THAT(
      errors_of(sweep_text(R"({"seed": {"count": 9}})", R"("record": "everything",)")),
      ElementsAre("7: record: \"everything\" is not known here (\"summary\", \"updates\" or "
                  "\"deliveries\")"));
  LoadOptions options;
  options.overrides = {{"drain", "soon"}};
  EXPECT_THAT(errors_of(sweep_text(R"({"seed": {"count": 9}})"), options),
              ElementsAre(testing::StartsWith("1: drain: \"soon\" is not a duration that can be "
                                              "used, given by --set drain (")));
}

TEST(LoadSweep, TheSweepItselfIsChecked) {
  const Row rows[] = {
      {"not an object",
       "[]",
       {"8: sweep: is a list (an object with a list of values for each swept "
        "key, as {\"herds.*.servers\": [5, 10]})"}},
      {"empty",
       "{}",
       {"8: sweep: is empty (an object with a list of values for each swept key, as "
        "{\"herds.*.servers\": [5, 10]})"}},
      {"no values",
       R"({"drain": []})",
       {"8: sweep.drain: is empty (a list of at least one value)"}},
      {"no list",
       R"({"drain": "1s"})",
       {"8: sweep.drain: is a string (a list of at least one value)"}},
      {"a value twice",
       R"({"herds.0.servers": [5, "x", 5.0]})",
       {"8: sweep.herds.0.servers.2: \"5\" is in the list already (each value once)"}},
      {"said of the whole sweep",
       R"({"name": ["a", "b"], "seed": [1]})",
       {"8: sweep.name: \"name\" cannot be swept (\"seed\", \"duration\", \"drain\", "
        "\"service_time\", \"wire\", \"herds\", \"clients\" or \"events\")"}},
      {"misspelt",
       R"({"seeds": [1]})",
       {"8: sweep.seeds: \"seeds\" cannot be swept (did you mean 'seed'?)"}},
      {"a column's name",
       R"({"clients": [[]]})",
       {"8: sweep.clients: is a column of summary.csv already and cannot be swept whole (a key in "
        "it, as clients.0.count)"}},
      {"the same place",
       R"({"herds.1.servers": [5], "herds.*.servers": [6]})",
       {"8: sweep.herds.*.servers: sets what \"herds.1.servers\" sets too (keys that do not "
        "overlap)"}},
      {"a place in another",
       R"({"herds.1.link.loss": [0], "herds.1.link": [{}]})",
       {"8: sweep.herds.1.link: sets what \"herds.1.link.loss\" sets too (keys that do not "
        "overlap)"}},
      {"seeds of no number",
       R"({"seed": {"count": 0}})",
       {"8: sweep.seed.count: 0 is out of range (a whole number from 1 to 100000)"}},
      {"seeds without a count",
       R"({"seed": {}})",
       {"8: sweep.seed.count: is missing (how many seeds)"}},
      {"too many",
       R"({"seed": {"count": 50001}, "drain": ["1s", "2s"]})",
       {"8: sweep: has too many points (at most 100000)"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(errors_of(sweep_text(std::string(row.sweep))), row.errors) << row.what;
  }
}

TEST(LoadSweep, TheLastSeedIsOneThatJsonCanSay) {
  const std::string seed = R"("seed": 9223372036854775806,)";
  EXPECT_EQ(sweep_of(sweep_text(R"({"seed": {"count": 2}})", seed)).points(), 2);
  EXPECT_THAT(errors_of(sweep_text(R"({"seed": {"count": 3}})", seed)),
              ElementsAre("7: seed: 9223372036854775806 is out of range (a whole number from 0 to "
                          "9223372036854775805)"));
}

TEST(LoadSweep, WhatTheCommandLineSetsIsNotSweptOver) {
  const std::string text = sweep_text(R"({"herds.*.servers": [5], "seed": [1, 2]})");
  LoadOptions options;
  options.seed = 4;
  options.overrides = {{"herds.1.servers", "7"}};
  EXPECT_THAT(errors_of(text, options),
              ElementsAre("8: sweep.herds.*.servers: sets what --set herds.1.servers sets too (one "
                          "of them)",
                          "8: sweep.seed: sets what --seed sets too (one of them)"));
  options = {};
  options.overrides = {{"herds.1", R"({"name": "x", "links": "star"})"}};
  EXPECT_EQ(point_of(sweep_of(text, options), 0).herds[1].name, "x");
}

TEST(LoadSweep, NamesColumnsForOtherPrograms) {
  const Sweep sweep = sweep_of(sweep_text(
      R"({"herds.*.servers": [5], "herds.0.link.loss": [0], "clients.0.count": [1], "seed": [1]})"));
  std::vector<std::string> columns;
  for (const SweptKey& key : sweep.keys) columns.push_back(key.column);
  EXPECT_THAT(columns,
              ElementsAre("herds_servers", "herds_0_link_loss", "clients_0_count", "seed"));
}

TEST(LoadSweep, AShareIsANumber) {
  const Sweep sweep =
      sweep_of(sweep_text(R"({"herds.*.link.loss": ["1%", 0.02, "0.7%", "0%"], "drain": ["1s"]})"));
  std::vector<std::string> shown;
  for (const SweptValue& value : sweep.keys.front().values) shown.push_back(value.shown);
  EXPECT_THAT(shown, ElementsAre("0.01", "0.02", "0.007", "0"));
  EXPECT_EQ(sweep.keys.front().values.front().json, "\"1%\"");
  EXPECT_EQ(sweep.keys.back().values.front().shown, "1s");
}

}  // namespace
}  // namespace sim
