// `herdsim swarm` on a herd that breaks a rule: what it prints and writes, and its exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/mutation.h"
#include "sim/app/cli/cli.h"
#include "sim/app/cli/exit_status.h"
#include "sim/script/read/load_scenario.h"
#include "tests/mutants/broken_rule.h"

namespace sim {
namespace {

using herd::test::BrokenRule;
using testing::HasSubstr;

// Runs each test in a folder of its own.
class SwarmCommandOfMutants : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "herdsim-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::filesystem::current_path(folder_);
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(folder_);
  }

  // Runs `herdsim swarm --quiet` with these options. Returns its exit status and stores what it
  // prints in `said_`.
  int swarm(std::vector<std::string> options) {
    options.insert(options.begin(), {"herdsim", "swarm", "--quiet"});
    std::vector<char*> argv;
    for (std::string& option : options) argv.push_back(option.data());
    testing::internal::CaptureStdout();
    const int status = run_cli(static_cast<int>(argv.size()), argv.data());
    said_ = testing::internal::GetCapturedStdout();
    return status;
  }

  static std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>(in), {}};
  }

  BrokenRule broken_{herd::Mutation::kAnswerTwice};
  std::filesystem::path before_ = std::filesystem::current_path();
  std::filesystem::path folder_;
  std::string said_;
};

TEST_F(SwarmCommandOfMutants, TellsTheSeedAndWritesTheScenario) {
  EXPECT_EQ(swarm({"--out", "small.json"}), kNotHeld);
  EXPECT_THAT(said_, testing::MatchesRegex("seed [0-9]+ fails: herd .* answer .*\n"
                                           "to repeat it: herdsim swarm --seed [0-9]+ --runs 1\n"
                                           "reduced in [0-9,]+ runs to a small scenario that "
                                           "fails too: .*\nwritten to small.json\n"));
  const auto scenario = load_scenario("small.json");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_THAT(scenario->about, HasSubstr(" answer "));
}

TEST_F(SwarmCommandOfMutants, ARunAloneIsTheSameRun) {
  EXPECT_EQ(swarm({}), kNotHeld);
  const auto seed = std::stoull(said_.substr(std::string("seed ").size()));
  const std::string file = "swarm-" + std::to_string(seed) + ".json";
  const std::string told = said_, first = read(file);
  EXPECT_EQ(swarm({"--seed", std::to_string(seed), "--runs", "1"}), kNotHeld);
  // The existing file stays.
  const std::string second = "swarm-" + std::to_string(seed) + "-2.json";
  EXPECT_EQ(read(second), first);
  EXPECT_EQ(said_, told.substr(0, told.size() - file.size() - 1) + second + "\n");
}

TEST_F(SwarmCommandOfMutants, SaysWhereItCannotWrite) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(swarm({"--out", "nowhere/small.json"}), kNotCarriedOut);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("nowhere/small.json: cannot be written"));
}

}  // namespace
}  // namespace sim
