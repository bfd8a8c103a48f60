// What a scenario from a stranger may ask for, and what its errors cost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/json_positions.h"
#include "sim/script/read/json_syntax.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/limits.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

ScenarioErrors all_errors(const std::string& text) {
  const auto scenario = parse_scenario("t.json", text);
  return scenario.ok() ? ScenarioErrors{} : scenario.error();
}

std::string first_error(const std::string& text) {
  const ScenarioErrors errors = all_errors(text);
  return errors.empty() ? "no errors" : errors.front();
}

std::string of_herds(std::string_view herds, std::string_view rest = "") {
  return R"({"name": "t", "duration": "10s", "herds": [)" + std::string(herds) + "]" +
         std::string(rest) + "}";
}

std::string year_of(std::string_view rest) {
  return R"({"name": "t", "duration": "8760h", "herds": [{"name": "a"}], )" + std::string(rest) +
         "}";
}

std::string repeated(std::string_view text, int times, std::string_view between = ", ") {
  std::string out;
  for (int i = 0; i < times; ++i) {
    if (i > 0) out += between;
    out += text;
  }
  return out;
}

TEST(ScenarioLimits, ManyProblemsAreCounted) {
  const std::string text =
      of_herds(R"({"name": "a"})", R"(, "events": [)" + repeated("{}", 5000, ",\n") + "]");
  const ScenarioErrors errors = all_errors(text);
  ASSERT_EQ(errors.size(), kProblemsShown + 1);
  EXPECT_EQ(errors.front(),
            "t.json:1: events.0.at: is missing (a duration of at most 8760h, as "
            "\"0s\", \"250us\", \"20ms\", \"5s\", \"2min\" or \"1h\")");
  EXPECT_EQ(errors.back(), "t.json:11: scenario: and 9980 more problems");
}

TEST(ScenarioLimits, FewMoreProblemsThanAreShown) {
  const std::string keys = [] {
    std::string out;
    for (int i = 0; i < 21; ++i) out += ", \"zz" + std::to_string(i) + "\": 1";
    return out;
  }();
  const ScenarioErrors errors = all_errors(of_herds(R"({"name": "a"})", keys));
  ASSERT_EQ(errors.size(), kProblemsShown + 1);
  EXPECT_EQ(errors.back(), "t.json:1: scenario: and 1 more problem");
}

TEST(ScenarioLimits, LongNamesAreCutInMessages) {
  const std::string key(300'000, 'k');
  const std::string text =
      of_herds(R"({"name": "a"})", ",\n\"" + key + "\": [" + repeated("0", 100'000, ",") + "]");
  const std::string error = first_error(text);
  EXPECT_THAT(error, AllOf(StartsWith("t.json:2: kkk"), HasSubstr("...: unknown key")));
  EXPECT_LT(error.size(), 1000U);
}

TEST(ScenarioLimits, PositionsOfNamesWithDots) {
  const JsonPositions positions("{\n\"a\": {\n\"b.c\": [\n1,\n2],\n\"b\": {\n\"c\": 3}}}");
  EXPECT_EQ(positions.line_of("a"), 2);
  EXPECT_EQ(positions.line_of("a.b.c"), 3);
  EXPECT_EQ(positions.line_of("a.b.c.1"), 5);
  EXPECT_EQ(positions.line_of("a.b"), 6);
  EXPECT_EQ(positions.line_of("a.b.d"), 6);
  EXPECT_EQ(positions.line_of("x.y"), 1);
}

TEST(ScenarioLimits, HerdsTogether) {
  EXPECT_THAT(first_error(of_herds(R"({"name": "a", "servers": 600000, "links": "line"}, )"
                                   R"({"name": "b", "servers": 600000, "links": "line"})")),
              HasSubstr("herds.1.servers: makes 1200000 servers in all herds so far"));
  EXPECT_THAT(first_error(of_herds(R"({"name": "a", "servers": 2500, "links": "complete"}, )"
                                   R"({"name": "b", "servers": 2500, "links": "complete"})")),
              HasSubstr("herds.1.links: makes up to 6247500 links in all herds so far"));
  EXPECT_THAT(
      first_error(of_herds(R"({"name": "a", "servers": 3000, "links": {"regular": 2000}})")),
      HasSubstr("herds.0.links.regular: takes too long to draw"));
  const auto many = all_errors(of_herds(repeated(R"({"name": "a", "servers": 1})", 1001)));
  EXPECT_THAT(many, testing::Contains("t.json:1: herds: is a list of 1001 (at most 1000 herds)"));
}

TEST(ScenarioLimits, Ids) {
  const std::string id(8000, 'x');
  EXPECT_THAT(first_error(year_of(R"("clients": [{"id": ")" + id +
                                  R"({n}", "count": 10000, "server": "Ball"}])")),
              HasSubstr("clients.0.id: makes ids that are too long for so many clients"));
  EXPECT_THAT(first_error(year_of(R"("clients": [{"id": ")" + repeated("{n}", 2000, "") +
                                  R"(", "count": 1000000, "server": "Ball"}])")),
              HasSubstr("makes ids that are too long"));
  EXPECT_EQ(first_error(year_of(R"("clients": [{"id": ")" + id +
                                R"({n}", "count": 1000, "server": "Ball"}])")),
            "no errors");
}

TEST(ScenarioLimits, Plans) {
  const auto of_client = [](std::string_view keys) {
    return first_error(year_of(R"("clients": [{"id": "c{n}", "count": 3, "server": "spread", )" +
                               std::string(keys) + "}]"));
  };
  const auto of_event = [](std::string_view keys) {
    return first_error(year_of(R"("events": [{"at": "0s", )" + std::string(keys) + "}]"));
  };
  const auto too_much = [](std::string_view path) {
    return AllOf(StartsWith("t.json:1: " + std::string(path) + ": plans too much"),
                 HasSubstr("at most 12000000"));
  };
  constexpr std::string_view kArea = R"("area": ["+34.00-118.50", "+34.10-118.40"])";
  EXPECT_THAT(of_client(R"("updates": "1000000000/s")"), too_much("clients.0.updates"));
  EXPECT_THAT(of_client(R"("updates": {"every": "1ns"})"), too_much("clients.0.updates"));
  EXPECT_THAT(of_client(R"("updates": {"from": "0/s", "to": "10/s"})"),
              too_much("clients.0.updates"));
  EXPECT_THAT(of_client(R"("updates": {"from": "0/s", "to": "1000/s", "over": "1s"})"),
              too_much("clients.0.updates"));
  EXPECT_THAT(of_client(R"("queries": "1000/s")"), too_much("clients.0.queries"));
  EXPECT_THAT(of_client(R"("handover": {"every": "1ms"})"), too_much("clients.0.handover"));
  EXPECT_THAT(
      of_client(R"("mobility": {"model": "gauss_markov", "speed": "1m/s", "step": "1ms", )" +
                std::string(kArea) + "}"),
      too_much("clients.0.mobility"));
  EXPECT_THAT(of_client(R"("mobility": {"model": "random_waypoint", "speed": "100000m/s", )" +
                        std::string(kArea) + "}"),
              too_much("clients.0.mobility"));
  EXPECT_THAT(
      of_client(R"("mobility": {"model": "levy_walk", "speed": "100m/s", "flight": "1m", )" +
                std::string(kArea) + "}"),
      too_much("clients.0.mobility"));
  EXPECT_THAT(
      of_event(R"("do": "chaos", "over": "8760h", "lasting": "1ms", "link_down": "1000/s")"),
      too_much("events"));
  EXPECT_THAT(of_event(R"("do": "flap", "server": "Ball", "over": "8760h", "up": "1ms", )"
                       R"("down": "1ms")"),
              too_much("events"));
  EXPECT_EQ(of_event(R"("do": "burst", "server": "Ball", "updates": 10000000, "clients": 1000)"),
            "no errors");
  EXPECT_THAT(first_error(year_of(R"("events": [)" +
                                  repeated(R"({"at": "0s", "do": "burst", "server": "Ball", )"
                                           R"("updates": 10000000})",
                                           3) +
                                  "]")),
              too_much("events"));
  EXPECT_THAT(of_client(R"("updates": "1/h", "mobility": {"model": "random_waypoint", )"
                        R"("speed": "1m/s", )" +
                        std::string(kArea) + "}"),
              "no errors");
}

TEST(ScenarioLimits, ManyHerdsPlanAsOftenAsThereAre) {
  std::string herds;
  for (int i = 0; i < 500; ++i) {
    herds += (i > 0 ? ", " : "") + (R"({"name": "h)" + std::to_string(i) + R"("})");
  }
  EXPECT_THAT(first_error(of_herds(herds, R"(, "clients": [{"id": "c{n}", "count": 100000, )"
                                          R"("server": "Ball"}])")),
              HasSubstr("clients.0: plans too much"));
}

TEST(ScenarioLimits, Nesting) {
  const auto nested = [](int levels) {
    return of_herds(R"({"name": "a"})",
                    ", \"x\": " + repeated("[", levels, "") + repeated("]", levels, ""));
  };
  EXPECT_THAT(first_error(nested(99)), HasSubstr("x: unknown key"));
  EXPECT_THAT(first_error(nested(100)), HasSubstr("in each other too deep (at most 100 levels)"));
  EXPECT_THAT(first_error(nested(5000)), HasSubstr("is not JSON"));
  LoadOptions options;
  options.overrides.push_back({repeated("a", 100'000, "."), "1"});
  const auto set = parse_scenario("t.json", of_herds(R"({"name": "a"})"), options);
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().front(),
              AllOf(HasSubstr("is a path of too many names, given by --set a.a.a"),
                    HasSubstr("(at most 100)")));
}

TEST(ScenarioLimits, Patterns) {
  const auto of_pattern = [](const std::string& pattern) {
    return first_error(of_herds(R"({"name": "a", "engine": {"command": ["x", "{port}"], )"
                                R"("reply_end": {"pattern": ")" +
                                pattern + R"("}}})"));
  };
  EXPECT_THAT(of_pattern(std::string(1001, 'a')), HasSubstr("is a pattern of 1001 bytes"));
  EXPECT_THAT(of_pattern("((a{100}){100}){100}"), HasSubstr("is no pattern"));
}

struct NotJson {
  std::string_view text, error;
};
class ScenarioNotJson : public testing::TestWithParam<NotJson> {};

TEST_P(ScenarioNotJson, IsSaidWithLineAndColumn) {
  EXPECT_EQ(first_error(std::string(GetParam().text)), "t.json:" + std::string(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Habits, ScenarioNotJson,
    testing::Values(
        NotJson{
            "{\n  // what it shows\n}",
            "2: scenario: is not JSON: column 3: has a comment (JSON has none: leave it out, or "
            "say it in \"about\")"},
        NotJson{"{\"a\": \"//\", /* b */ }",
                "1: scenario: is not JSON: column 13: has a comment (JSON has none: leave it out, "
                "or say it in \"about\")"},
        NotJson{"{\n\"a\": [1,\n 2,\n]}",
                "3: scenario: is not JSON: column 3: has a comma before the end of a list or an "
                "object (commas between values alone)"},
        NotJson{"{\"ö\": 1,}",
                "1: scenario: is not JSON: column 8: has a comma before the end of a list or an "
                "object (commas between values alone)"},
        NotJson{"{'name': 1}",
                "1: scenario: is not JSON: column 2: has a text in single quotes (double quotes)"},
        NotJson{"{\"a\": True}", "1: scenario: is not JSON: column 7: has True (true)"},
        NotJson{" \n", "1: scenario: is not JSON: column 1: is empty (a scenario)"}));

TEST(ScenarioEncoding, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(first_error("\xEF\xBB\xBF" + of_herds(R"({"name": "a"})")), "no errors");
}

TEST(ScenarioEncoding, OthersAreNamed) {
  std::string wide = "\xFF\xFE";
  for (const char c : of_herds(R"({"name": "a"})")) wide += {c, '\0'};
  EXPECT_THAT(first_error(wide), AllOf(StartsWith("t.json:1: scenario: is UTF-16"),
                                       HasSubstr("iconv -f UTF-16LE -t UTF-8")));
}

std::vector<std::string> warnings_of(std::string_view events) {
  return test::parse(test::text_of("", R"(, "events": [)" + std::string(events) + "]")).warnings;
}

TEST(ScenarioWarnings, WhatUndoesNothing) {
  using testing::ElementsAre;
  EXPECT_THAT(warnings_of(R"({"at": "1s", "do": "heal"})"),
              ElementsAre("t.json:1: events.0: warning: undoes nothing: there is no partition "
                          "before it (after a partition)"));
  EXPECT_THAT(warnings_of(R"({"at": "2s", "do": "server_down", "server": "Ball"},
                             {"at": "1s", "do": "server_up", "server": "Ball"})"),
              ElementsAre(HasSubstr("events.1: warning: undoes nothing: no event before it takes "
                                    "down server \"Ball\"")));
  EXPECT_THAT(
      warnings_of(R"({"at": "1s", "do": "link_down", "link": ["Ball", "Welsh"]},
                             {"at": "2s", "do": "link_up", "link": ["Alford", "Welsh"]},
                             {"at": "2s", "do": "link_up", "link": ["Welsh", "Ball"]},
                             {"at": "3s", "do": "link_up", "link": ["Welsh", "Ball"]},
                             {"at": "3s", "do": "resume", "server": "Ball"})"),
      ElementsAre(HasSubstr("events.1: "), HasSubstr("events.3: "), HasSubstr("events.4: ")));
  EXPECT_THAT(warnings_of(R"({"at": "1s", "do": "partition", "groups": [["Ball"]]},
                             {"at": "1s", "do": "pause", "server": "Ball"},
                             {"at": "2s", "do": "heal"},
                             {"at": "2s", "do": "resume", "server": "Ball"})"),
              ElementsAre());
}

}  // namespace
}  // namespace sim
