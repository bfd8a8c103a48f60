#include "sim/measure/results/run_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sim/base/json/parse_json.h"
#include "sim/measure/results/run_files.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using test::TempFolder;
using testing::HasSubstr;

OwnedJson parsed(const std::string& text) {
  json_error_t error;
  OwnedJson json = parse_json(text, JSON_REJECT_DUPLICATES, &error);
  EXPECT_TRUE(json) << error.text << " in " << text;
  return json;
}

std::string dumped(const json_t* json) {
  char* text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
  std::string out = text != nullptr ? text : "nothing";
  ::free(text);
  return out;
}

std::string member(const OwnedJson& json, const char* key) {
  return dumped(json_object_get(json.get(), key));
}

Scenario small_scenario() {
  Scenario scenario;
  scenario.name = "paper";
  scenario.seed = 9223372036854775807u;
  scenario.as_run = R"({"name": "paper", "herds": [{"name": "a"}], "x": 0.1, "big": 12345678901})";
  return scenario;
}

RunResults run_of_two() {
  RunResults run;
  run.start = "2024-05-01T12:00:00Z";
  run.herds.resize(2);
  run.herds[0].herd = "a";
  run.herds[1].herd = "b";
  run.herds[1].violations = {"Ball went back in time for \"kiwi\"", "bytes \xFF"};
  run.expectations = {
      {"a", "messages_per_update", 6, std::nullopt, std::nullopt, 6, true},
      {"b", "propagation_p99_us", std::nullopt, 0.5, 2000, 2345.678, false},
      {"b", "redundancy", 1.5, std::nullopt, std::nullopt, std::nullopt, false},
  };
  return run;
}

const Machine kMachine{"An OS", "Linux 1.2 x", "A CPU", 4, 8'000'000'000};

TEST(RunJson, SaysWhatRan) {
  const std::string text =
      format_run_json(small_scenario(), run_of_two(), kMachine, {"summary.csv", "logs/a/Ball.log"});
  const OwnedJson json = parsed(text);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(member(json, "name"), R"("paper")");
  EXPECT_EQ(member(json, "complete"), "true");
  EXPECT_EQ(member(json, "seed"), "9223372036854775807");
  EXPECT_EQ(member(json, "clock"), R"("live")");
  EXPECT_EQ(member(json, "version"), '"' + std::string(HERDSIM_VERSION) + '"');
  EXPECT_EQ(member(json, "start"), R"("2024-05-01T12:00:00Z")");
  EXPECT_EQ(
      member(json, "machine"),
      R"({"os":"An OS","kernel":"Linux 1.2 x","cpu":"A CPU","cores":4,"memory_bytes":8000000000})");
  EXPECT_THAT(member(json, "herdsim"), HasSubstr(R"("version":")" HERDSIM_VERSION));
  EXPECT_THAT(member(json, "herdsim"),
              testing::ContainsRegex(R"x("commit":"(unknown|[0-9a-f]{40}(-dirty)?)",)x"));
  EXPECT_THAT(member(json, "herdsim"), HasSubstr(R"("build_type":")"));
  EXPECT_EQ(member(json, "files"), R"(["summary.csv","logs/a/Ball.log"])");
}

TEST(RunJson, CarriesTheScenarioAsRun) {
  const Scenario scenario = small_scenario();
  const OwnedJson json = parsed(format_run_json(scenario, run_of_two(), kMachine, {}));
  const OwnedJson as_run = parsed(scenario.as_run);
  EXPECT_TRUE(json_equal(json_object_get(json.get(), "scenario"), as_run.get()));
}

TEST(RunJson, AScenarioThatIsNoJsonIsNull) {
  Scenario scenario = small_scenario();
  scenario.as_run = "{";
  EXPECT_EQ(member(parsed(format_run_json(scenario, {}, kMachine, {})), "scenario"), "null");
}

TEST(RunJson, ExpectationsAndTheirFigures) {
  const std::string text = format_run_json(small_scenario(), run_of_two(), kMachine, {});
  const OwnedJson json = parsed(text);
  const json_t* expectations = json_object_get(json.get(), "expectations");
  ASSERT_EQ(json_array_size(expectations), 3u);
  EXPECT_EQ(dumped(json_array_get(expectations, 0)),
            R"({"herd":"a","metric":"messages_per_update","equals":6,"figure":6,"held":true})");
  EXPECT_THAT(text, HasSubstr("\"min\": 0.5,\n"));
  EXPECT_THAT(text, HasSubstr("\"max\": 2000,\n"));
  EXPECT_THAT(text, HasSubstr("\"figure\": 2345.678,\n"));
  EXPECT_THAT(dumped(json_array_get(expectations, 2)), HasSubstr(R"("figure":null,"held":false)"));
}

TEST(RunJson, ViolationsOfEveryHerdInUtf8) {
  const OwnedJson json = parsed(format_run_json(small_scenario(), run_of_two(), kMachine, {}));
  EXPECT_EQ(
      member(json, "violations"),
      "{\"a\":[],\"b\":[\"Ball went back in time for \\\"kiwi\\\"\",\"bytes \xEF\xBF\xBD\"]}");
}

TEST(RunJson, NumbersReadAsTheyWereWrittenAndBack) {
  RunResults run;
  for (const double figure : {0.1, 1.0 / 3, 1e300, 5e-324, 123456789.123456789, -0.5}) {
    run.expectations.push_back({"a", "m", 0.1, std::nullopt, std::nullopt, figure, true});
  }
  const std::string text = format_run_json(small_scenario(), run, kMachine, {});
  const OwnedJson json = parsed(text);
  const json_t* expectations = json_object_get(json.get(), "expectations");
  for (std::size_t i = 0; i < run.expectations.size(); ++i) {
    const json_t* figure = json_object_get(json_array_get(expectations, i), "figure");
    EXPECT_EQ(json_real_value(figure), run.expectations[i].figure);
  }
  run.expectations.resize(1);
  EXPECT_THAT(format_run_json(small_scenario(), run, kMachine, {}), HasSubstr("\"figure\": 0.1,"));
}

TEST(RunJson, SaysHowLateTheScriptWasPlayed) {
  RunResults run = run_of_two();
  EXPECT_EQ(member(parsed(format_run_json(small_scenario(), run, kMachine, {})), "schedule_lag"),
            R"({"p50_us":null,"p99_us":null,"max_us":null,"actions":0})");
  for (int i = 0; i < 98; ++i) run.schedule_lag.add(Duration(200));
  run.schedule_lag.add(Duration(2'000'000));
  run.schedule_lag.add(Duration(2'500'001));
  const OwnedJson json = parsed(format_run_json(small_scenario(), run, kMachine, {}));
  const json_t* lag = json_object_get(json.get(), "schedule_lag");
  EXPECT_EQ(json_number_value(json_object_get(lag, "p50_us")), 0.2);
  const double p99 = json_number_value(json_object_get(lag, "p99_us"));
  EXPECT_GE(p99, 2'000);
  EXPECT_LE(p99, 2'000 * 129 / 128.0);
  EXPECT_EQ(json_number_value(json_object_get(lag, "max_us")), 2500.001);
  EXPECT_EQ(dumped(json_object_get(lag, "actions")), "100");
}

TEST(RunJson, AnInterruptedRunSaysSo) {
  RunResults run;
  run.complete = false;
  const OwnedJson json = parsed(format_run_json(small_scenario(), run, kMachine, {}));
  EXPECT_EQ(member(json, "complete"), "false");
}

TEST(RunJson, ADryRunSaysSo) {
  const TempFolder temp;
  EXPECT_FALSE(RunFiles::read(temp.path())) << "there is nothing";
  for (const bool dry_run : {true, false}) {
    RunResults run;
    run.dry_run = dry_run;
    ASSERT_FALSE(write_run_json(small_scenario(), run, kMachine, {}, temp.path()));
    const auto files = RunFiles::read(temp.path());
    ASSERT_TRUE(files);
    EXPECT_EQ(files->dry_run(), dry_run);
    EXPECT_EQ(member(parsed(test::read_file(temp.path() / "run.json")), "dry_run"),
              dry_run ? "true" : "false");
  }
}

TEST(RunJson, IsWrittenOrTold) {
  const TempFolder temp;
  EXPECT_FALSE(write_run_json(small_scenario(), run_of_two(), kMachine, {"x"}, temp.path()));
  EXPECT_EQ(test::read_file(temp.path() / "run.json"),
            format_run_json(small_scenario(), run_of_two(), kMachine, {"x"}));
  const auto error =
      write_run_json(small_scenario(), run_of_two(), kMachine, {}, temp.path() / "run.json");
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message(), HasSubstr("Not a directory"));
}

TEST(Machine, ReadsTheFormatsOfItsSources) {
  EXPECT_EQ(parse_os_name("NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(parse_os_name("PRETTY_NAME=Plain"), "Plain");
  EXPECT_EQ(parse_os_name("NAME=x\n"), "");
  EXPECT_EQ(parse_cpu_model("processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some CPU @ 2.00GHz\n"),
            "Some CPU @ 2.00GHz");
  EXPECT_EQ(parse_cpu_model("processor\t: 0\nBogoMIPS\t: 50.00\n"), "");
  EXPECT_EQ(parse_memory_bytes("MemTotal:        8050212 kB\nMemFree: 1 kB\n"), 8050212ull * 1024);
  EXPECT_EQ(parse_memory_bytes(""), 0u);
}

TEST(Machine, IsThisOne) {
  const Machine machine = read_machine();
  EXPECT_THAT(machine.kernel, HasSubstr(" "));
  EXPECT_GE(machine.cores, 1u);
  EXPECT_GT(machine.memory_bytes, 0u);
}

}  // namespace
}  // namespace sim
