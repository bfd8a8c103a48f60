#include "sim/run/plan_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "sim/measure/results/run_files.h"
#include "sim/run/dry_run.h"
#include "tests/sim/measure/results_support.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::kPlacedServers;
using test::parse;
using test::read_csv;
using test::read_file;
using test::snapshot;
using test::TempFolder;
using test::write_file;
using testing::HasSubstr;

std::string plan_of(const Scenario& scenario) {
  const TempFolder temp;
  const auto rows = write_plan_csv(scenario, temp.path() / "plan.csv");
  EXPECT_TRUE(rows.ok());
  const std::string text = read_file(temp.path() / "plan.csv");
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')), *rows + 1);
  return text;
}

TEST(PlanCsv, HasARowForEverythingInOrder) {
  const Scenario scenario = parse(R"({"name": "t", "duration": "2s", "herds": [
      {"name": "a", "servers": ["A", "B"], "links": "line", "link": {"latency": "1ms"}},
      {"name": "b", "servers": ["B", "A"], "links": "line"}],
      "clients": [{"id": "c,1", "server": "A", "start": "+1-2", "updates": {"every": "1s"},
                   "queries": {"every": "2s"}, "skew": {"offset": "-1ms", "drift": "500ppm"}}],
      "events": [
        {"at": "0s", "do": "send", "client": "c,1", "line": "IAMAT x +1-2 3.5"},
        {"at": "0.5s", "do": "link_down", "link": ["B", "A"], "how": "reset", "herd": "a"},
        {"at": "1s", "do": "move", "client": "c,1", "to": "B"},
        {"at": "1s", "do": "send", "client": "c,1", "line": "say \"hi\""},
        {"at": "1s", "do": "link_up", "link": ["B", "A"], "herd": "a"},
        {"at": "1s", "do": "set_places", "herd": "b", "latency": "0.1ms", "fail": 0.5},
        {"at": "1000000.001us", "do": "set_link", "herd": "a", "loss": "1%",
         "backward": {"jitter": {"normal": "2ms"}, "bandwidth": "1kbit/s"}},
        {"at": "1.5s", "do": "burst", "server": "B", "updates": 1, "herd": "b"},
        {"at": "1.5s", "do": "pause", "server": "A", "herd": "b"},
        {"at": "1.5s", "do": "resume", "server": "A", "herd": "b"},
        {"at": "1.6s", "do": "server_down", "server": "A", "herd": "b"},
        {"at": "2s", "do": "server_up", "server": "A", "herd": "b"}]})");
  EXPECT_EQ(plan_of(scenario), R"(herd,at_us,action,who,detail
a,0.000,connect,"c,1",A
a,0.000,update,"c,1",IAMAT x +1-2 3.5
a,0.000,update,"c,1",+01.000000-002.000000 -0.001000000
a,0.000,query,"c,1","WHATSAT c,1 10 5"
b,0.000,connect,"c,1",A
b,0.000,connect,burst-7-0,B
b,0.000,update,"c,1",IAMAT x +1-2 3.5
b,0.000,update,"c,1",+01.000000-002.000000 -0.001000000
b,0.000,query,"c,1","WHATSAT c,1 10 5"
a,500000.000,link_down,A - B,reset
a,1000000.000,link_up,A - B,
a,1000000.000,move,"c,1",A -> B
a,1000000.000,line,"c,1","say ""hi"""
a,1000000.000,update,"c,1",+01.000000-002.000000 0.999500000
b,1000000.000,set_places,,"latency 100.000 us, fail 0.5"
b,1000000.000,move,"c,1",A -> B
b,1000000.000,line,"c,1","say ""hi"""
b,1000000.000,update,"c,1",+01.000000-002.000000 0.999500000
a,1000000.001,set_link,A - B,"forward latency 1000.000 us, jitter uniform 0.000 us, bandwidth unlimited, loss 0.01; backward latency 1000.000 us, jitter normal 2000.000 us, bandwidth 1000 bit/s, loss 0.01"
b,1500000.000,pause,A,
b,1500000.000,resume,A,
b,1500000.000,update,burst-7-0,+34.068930-118.445127 1.500000000
b,1600000.000,server_down,A,
b,2000000.000,server_up,A,
)");
}

// Returns a scenario with every kind of random draw. `herds` and `groups` are put before its own.
Scenario rich(const std::string& seed, const std::string& herds, const std::string& groups) {
  const std::string servers(kPlacedServers);
  return parse(R"({"name": "t", "duration": "20s", "seed": )" + seed + R"(, "herds": [)" + herds +
               R"({"name": "a", "servers": )" + servers + R"(},
      {"name": "b", "servers": )" +
               servers + R"(, "propagation": "flood"}], "clients": [)" + groups + R"(
      {"id": "walker-{n}", "count": 3, "server": "nearest",
       "mobility": {"model": "waypoints", "points": ["+33.95-118.41"], "speed": "2000km/h"},
       "updates": {"from": "1/s", "to": "20/s", "arrivals": "poisson"}},
      {"id": "nomad-{n}", "count": 3, "server": "spread",
       "handover": {"rate": "1/s", "arrivals": "poisson", "to": "random"},
       "queries": {"from": "10/s", "to": "0/s"}, "skew": {"drift": "-3ppm"}}],
      "events": [
        {"at": "1s", "do": "flap", "link": ["Alford", "Welsh"], "up": "1s", "down": "500ms",
         "over": "18s"},
        {"at": "1s", "do": "chaos", "over": "18s", "lasting": "500ms", "link_down": "1/s",
         "blackhole": "1/s", "server_down": "1/s", "pause": "1/s", "partition": "1/s"}]})");
}

// Returns the lines that begin like this.
std::vector<std::string> lines_of(const std::string& text, const std::string& herd,
                                  const std::string& without = "?") {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from) + 1;
    const std::string line = text.substr(from, end - from);
    if (line.starts_with(herd + ",") && line.find(without) == std::string::npos) {
      out.push_back(line);
    }
    from = end;
  }
  return out;
}

TEST(PlanCsv, IsTheSameForTheSameSeedAndNotForAnother) {
  const std::string plan = plan_of(rich("7", "", ""));
  EXPECT_EQ(plan, plan_of(rich("7", "", "")));
  EXPECT_NE(plan, plan_of(rich("8", "", "")));
  for (const char* action : {"update", "query", "move", "link_down", "link_up", "server_down",
                             "server_up", "pause", "resume", "connect"}) {
    EXPECT_THAT(plan, HasSubstr("," + std::string(action) + ",")) << action;
  }
}

TEST(PlanCsv, IsInOrderOfTime) {
  double last = 0;
  const auto rows = read_csv(plan_of(rich("7", "", "")));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double at = std::stod(rows[i][1]);
    EXPECT_GE(at, last);
    last = at;
  }
}

TEST(PlanCsv, AnotherGroupOrHerdLeavesTheOtherRowsAsTheyWere) {
  const std::string plan = plan_of(rich("7", "", ""));
  const std::string more_clients = plan_of(rich("7", "", R"(
      {"id": "new-{n}", "count": 4, "server": "nearest", "updates": {"rate": "9/s",
       "arrivals": "poisson"}, "handover": {"hysteresis": "1m"}},)"));
  const std::string more_herds =
      plan_of(rich("7", R"({"name": "z", "servers": )" + std::string(kPlacedServers) + "},", ""));
  for (const std::string herd : {"a", "b"}) {
    const auto rows = lines_of(plan, herd);
    EXPECT_GT(rows.size(), 800U);
    EXPECT_EQ(lines_of(more_clients, herd, ",new-"), rows);
    EXPECT_EQ(lines_of(more_herds, herd), rows);
  }
  EXPECT_FALSE(lines_of(more_herds, "z").empty());
  EXPECT_NE(lines_of(more_clients, "a"), lines_of(plan, "a"));
}

TEST(PlanCsv, HerdsOfTheSameServersAreGivenTheSameWorld) {
  const std::string plan = plan_of(rich("7", "", ""));
  std::vector<std::string> a = lines_of(plan, "a"), b = lines_of(plan, "b");
  for (auto* rows : {&a, &b}) {
    for (std::string& row : *rows) row.erase(0, 1);
  }
  EXPECT_EQ(a, b);
}

TEST(PlanCsv, SaysWhereItCannotBeWritten) {
  const TempFolder temp;
  const auto rows = write_plan_csv(rich("7", "", ""), temp.path() / "no" / "plan.csv");
  ASSERT_FALSE(rows.ok());
  EXPECT_THAT(rows.error().message(), HasSubstr("No such file"));
}

TEST(DryRun, MakesAFolderThatALaterRunMayReplace) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "out";
  const auto rows = dry_run(rich("7", "", ""), folder);
  ASSERT_TRUE(rows.ok()) << rows.error().message();
  const auto files = snapshot(temp.path());
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files.at("out/plan.csv"), plan_of(rich("7", "", "")));
  const std::string& told = files.at("out/run.json");
  EXPECT_THAT(told, HasSubstr("\"dry_run\": true"));
  EXPECT_THAT(told, HasSubstr("\"complete\": false"));
  EXPECT_THAT(told, HasSubstr("\"plan.csv\""));
  ASSERT_TRUE(RunFiles::read(folder));
  EXPECT_TRUE(RunFiles::read(folder)->dry_run());
  ASSERT_TRUE(dry_run(rich("8", "", ""), folder).ok());
  EXPECT_EQ(snapshot(temp.path()).at("out/plan.csv"), plan_of(rich("8", "", "")));
}

TEST(DryRun, AddsItsPlanToTheResultsOfARun) {
  const TempFolder temp;
  const fs::path folder = temp.path() / "out";
  const std::string told = R"({
  "complete": true,
  "figure": 0.30000000000000004,
  "files": [
    "summary.csv")";
  write_file(folder / "run.json", told + "\n  ]\n}\n");
  write_file(folder / "summary.csv", "figures");
  for (const char* const seed : {"7", "8"}) {
    ASSERT_TRUE(dry_run(rich(seed, "", ""), folder).ok());
    const auto files = snapshot(temp.path());
    EXPECT_EQ(files.size(), 3U);
    EXPECT_EQ(files.at("out/run.json"), told + ",\n    \"plan.csv\"\n  ]\n}\n");
    EXPECT_EQ(files.at("out/summary.csv"), "figures");
    EXPECT_EQ(files.at("out/plan.csv"), plan_of(rich(seed, "", "")));
  }
}

// Neither results that cannot be told from the user's files, nor a plan of the user's own.
TEST(DryRun, LeavesWhatIsNotARuns) {
  for (const char* const told :
       {R"({"complete": true})", "{", "", R"({"complete": true, "files": ["summary.csv"]})"}) {
    const TempFolder temp;
    write_file(temp.path() / "out" / "run.json", told);
    write_file(temp.path() / "out" / "summary.csv", "figures");
    write_file(temp.path() / "out" / "plan.csv", "mine");
    const auto before = snapshot(temp.path());
    EXPECT_FALSE(dry_run(rich("7", "", ""), temp.path() / "out").ok());
    EXPECT_EQ(snapshot(temp.path()), before);
  }
}

TEST(DryRun, KeepsAForeignFolderAsItIs) {
  const TempFolder temp;
  write_file(temp.path() / "out" / "thesis.tex", "years of work");
  const auto before = snapshot(temp.path());
  const auto rows = dry_run(rich("7", "", ""), temp.path() / "out");
  ASSERT_FALSE(rows.ok());
  EXPECT_THAT(rows.error().message(), HasSubstr("no run.json"));
  EXPECT_EQ(snapshot(temp.path()), before);
}

}  // namespace
}  // namespace sim
