// The error messages for wrong mobility and traces, as whole lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_errors_support.h"

namespace sim {
namespace {

using test::ErrorCase;
using test::errors_with;
using testing::ElementsAre;

TEST(ScenarioErrors, OfMobility) {
  constexpr std::string_view kArea = R"("area": ["+34-118.5", "+34.1-118.4"])";
  constexpr ErrorCase kRows[] = {
      {"unknown model", R"({"model": "random_waypont"})",
       R"(model: "random_waypont" is not known here (did you mean 'random_waypoint'?))"},
      {"no model", "{}",
       R"(model: is missing ("still", "waypoints", "random_waypoint", "gauss_markov", )"
       R"("levy_walk" or "trace"))"},
      {"a name alone", R"("levy_walk")",
       R"(: "levy_walk" has no area )"
       R"(({"model": "levy_walk", "area": [...], "speed": "5km/h", "flight": [...]}))"},
      {"a trace's name alone", R"("trace")",
       R"(: "trace" has no file ({"model": "trace", "file": "walk.csv"}))"},
      {"no area", R"({"model": "random_waypoint", "speed": "1m/s"})",
       "area: is missing (its south-west and its north-east corner, as "
       R"(["+34.00-118.50", "+34.10-118.40"]))"},
      {"one corner", R"({"model": "random_waypoint", "speed": "1m/s", "area": ["+34-118"]})",
       "area: is a list of 1 (its south-west and its north-east corner, as "
       R"(["+34.00-118.50", "+34.10-118.40"]))"},
      {"a corner that is none",
       R"({"model": "random_waypoint", "speed": "1m/s", "area": ["+34-118", "34,-117"]})",
       R"(area.1: "34,-117" is not a location (ISO 6709 degrees, latitude then longitude, both )"
       R"(signed, as "+34.068930-118.445127"))"},
      {"corners upside down",
       R"({"model": "levy_walk", "speed": "1m/s", "flight": "1m", "area": ["+34-118", "+33-117"]})",
       "area: has its second corner south of its first (its south-west and its north-east corner, "
       R"(as ["+34.00-118.50", "+34.10-118.40"]))"},
      {"an area without width",
       R"({"model": "gauss_markov", "speed": "1m/s", "area": ["+34-118", "+35-118"]})",
       "area: is too small (at least 1m high and wide)"},
      {"speed range", R"({"model": "random_waypoint", AREA, "speed": ["2m/s", "1m/s"]})",
       "speed: goes from more to less (the lesser first)"},
      {"three speeds", R"({"model": "random_waypoint", AREA, "speed": ["1m/s", "2m/s", "3m/s"]})",
       R"(speed: is a list of 3 (a speed above zero and at most 100000m/s, as "1.5m/s", or two, )"
       R"(as ["1m/s", "2m/s"]))"},
      {"speed from zero", R"({"model": "random_waypoint", AREA, "speed": ["0m/s", "1m/s"]})",
       R"(speed.0: "0m/s" is not a speed that can be used (a speed above zero and at most )"
       R"(100000m/s, as "1.5m/s", or two, as ["1m/s", "2m/s"]))"},
      {"pause", R"({"model": "random_waypoint", AREA, "speed": "1m/s", "pause": ["1s", 5]})",
       R"(pause.1: is a number (a duration of at most 8760h, as "10s", or two, as ["0s", "30s"]))"},
      {"a key of another model",
       R"({"model": "random_waypoint", AREA, "speed": "1m/s", "step": "1s"})",
       R"(step: unknown key ("model", "area", "speed" or "pause"))"},
      {"speed range of another model",
       R"({"model": "gauss_markov", AREA, "speed": ["1m/s", "2m/s"]})",
       R"(speed: is a list (a speed above zero and at most 100000m/s, as "3m/s" or "50km/h"))"},
      {"negative deviation",
       R"({"model": "gauss_markov", AREA, "speed": "1m/s", "speed_deviation": "-1m/s"})",
       R"(speed_deviation: "-1m/s" is not a speed that can be used (a speed of at most )"
       R"(100000m/s, as "0m/s" or "1km/h"))"},
      {"heading", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "heading_deviation": -1})",
       "heading_deviation: -1 is out of range (radians, from 0 to 10)"},
      {"memory", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "memory": 1.01})",
       "memory: 1.01 is out of range (a number from 0 to 1)"},
      {"step", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "step": "999us"})",
       R"(step: "999us" is out of range (a duration from 1ms to 8760h, as "100ms" or "1s"))"},
      {"steps too long", R"({"model": "gauss_markov", AREA, "speed": "100m/s", "step": "1min"})",
       "area: is too small for steps of 6000 m (at least four steps, of `speed` times `step`, from "
       "south to north)"},
      {"no flight", R"({"model": "levy_walk", AREA, "speed": "1m/s"})",
       "flight: is missing (a distance above zero and at most 10000km, as \"50m\", or two, as "
       R"(["10m", "2km"]))"},
      {"flight", R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": ["0m", "1km"]})",
       R"(flight.0: "0m" is not a distance that can be used (a distance above zero and at most )"
       R"(10000km, as "50m", or two, as ["10m", "2km"]))"},
      {"flights too long", R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "6km"})",
       "area: is too small for flights of 6000 m (at least two of the shortest flights from south "
       "to north)"},
      {"flight exponent",
       R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "1m", "flight_exponent": 0})",
       "flight_exponent: 0 is out of range (a number above 0 and at most 3)"},
      {"pause from zero",
       R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "1m", "pause": ["0s", "1s"]})",
       R"(pause: begins at zero, where its density has no end (a first one above zero, as )"
       R"(["1s", "5min"], or "0s" alone))"},
      {"no file", R"({"model": "trace"})",
       "file: is missing (a CSV, GPX or SUMO FCD file, from the scenario file's folder)"},
      {"no such file", R"({"model": "trace", "file": "no-such.csv"})",
       R"(file: "no-such.csv" cannot be read: No such file or directory )"
       "(a CSV, GPX or SUMO FCD file, from the scenario file's folder)"},
  };
  for (const auto& [name, mobility, error] : kRows) {
    SCOPED_TRACE(name);
    std::string text(mobility);
    if (const auto at = text.find("AREA"); at != std::string::npos) text.replace(at, 4, kArea);
    const std::string path = error.starts_with(':') ? "clients.0.mobility" : "clients.0.mobility.";
    EXPECT_THAT(
        errors_with(R"("clients": [{"id": "c", "server": "Ball", "mobility": )" + text + "}]"),
        ElementsAre("t.json:2: " + path + std::string(error)));
  }
}

TEST(ScenarioErrors, OfStartsOutsideTheArea) {
  constexpr std::string_view kModels[] = {
      R"("model": "random_waypoint", "speed": "1m/s")",
      R"("model": "gauss_markov", "speed": "1m/s")",
      R"("model": "levy_walk", "speed": "1m/s", "flight": "10m")",
  };
  for (const std::string_view model : kModels) {
    const auto errors = [&](std::string_view start) {
      return errors_with(R"("clients": [{"id": "c", "server": "Ball", "start": ")" +
                         std::string(start) + R"(", "mobility": {)" + std::string(model) +
                         R"(, "area": ["-20+176", "-15-178"]}}])");
    };
    EXPECT_THAT(errors("-17+175"),
                ElementsAre("t.json:2: clients.0.start: is outside the area of its mobility (a "
                            "location in the area, or none: it is drawn then)"));
    EXPECT_THAT(errors("-17-179"), ElementsAre("no errors"));
    EXPECT_THAT(errors("-20+176"), ElementsAre("no errors"));
  }
}

// A folder with a trace file, for scenarios in the same folder.
class TraceErrors : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "herdsim-trace-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string in_folder(const std::string& name) const { return folder_ + '/' + name; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(in_folder(name), std::ios::binary) << text;
  }
  // Returns the errors of a scenario in the folder, without the folder's name.
  ScenarioErrors errors_of_clients(std::string_view clients) const {
    const auto scenario = parse_scenario(
        in_folder("t.json"), R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}],)"
                             "\n\"clients\": " +
                                 std::string(clients) + "}");
    if (scenario.ok()) return {"no errors"};
    ScenarioErrors errors = scenario.error();
    for (std::string& error : errors) {
      EXPECT_TRUE(error.starts_with(folder_ + '/')) << error;
      error.erase(0, folder_.size() + 1);
    }
    return errors;
  }

 private:
  std::string folder_;
};

TEST_F(TraceErrors, HaveTheTracesFileAndLine) {
  write("walk.csv", "time_s,client,lat,lon\n0,a,1,2\n1,a,north,2\n0.5,a,1,200\n");
  write("drive.xml", "<fcd-export>\n<timestep time='0'>\n<vehicle id='a' x='1500' y='1'/>\n");
  // Each problem is reported once, however many groups name the file, in the scenario's order. The
  // number of clients is not checked against a bad file.
  EXPECT_THAT(
      errors_of_clients(R"([
    {"id": "c-{n}", "server": "Ball", "mobility": {"model": "trace", "file": "walk.csv"}},
    {"id": "d-{n}", "count": 9, "server": "Bal", "mobility": {"model": "trace", "file": "walk.csv"}},
    {"id": "e-{n}", "server": "Ball", "mobility": {"model": "trace", "file": "drive.xml"}}])"),
      ElementsAre(R"(walk.csv:3: lat: "north" is not a number (decimal degrees from -90 to 90))",
                  R"(walk.csv:4: lon: "200" is out of range (decimal degrees from -180 to 180))",
                  R"(t.json:4: clients.1.server: there is no server "Bal" in herd "a" )"
                  R"((did you mean 'Ball'?))",
                  R"(drive.xml:3: x: "1500" is out of range (a longitude from -180 to 180: )"
                  "SUMO writes them with --fcd-output.geo)",
                  "drive.xml:4: XML: no element found"));
}

TEST_F(TraceErrors, OfCountsAndIds) {
  write("walk.csv", "time_s,client,lat,lon\n0,a,1,2\n0,b,1,2\n0,c,1,2\n");
  const auto errors = [&](std::string_view members) {
    return errors_of_clients(
        R"([{"server": "Ball", "mobility": {"model": "trace", "file": "walk.csv"}, )" +
        std::string(members) + "}]");
  };
  EXPECT_THAT(errors(R"("id": "c-{n}")"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "count": 3)"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c", "count": 1)"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "count": 4)"),
              ElementsAre("t.json:2: clients.0.count: is 4, but the trace has 3 (at most as many "
                          "clients as the trace has)"));
  EXPECT_THAT(errors(R"("id": "c")"),
              ElementsAre("t.json:2: clients.0.id: gives 3 clients one id ({n} in it for the "
                          R"(member's number, as "c-{n}"))"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "start": "+1+2")"),
              ElementsAre("t.json:2: clients.0.start: does not go with a trace (leave it out: the "
                          "file says where its clients are)"));
}

}  // namespace
}  // namespace sim
