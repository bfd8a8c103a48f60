// `herdsim swarm` with a broken rule of the herd: its output, its files and its exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/mutation.h"
#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/script/read/load_scenario.h"
#include "tests/mutants/broken_rule.h"

namespace sim {
namespace {

using herd::test::BrokenRule;
using testing::HasSubstr;

// Each test works in its own folder.
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

  // Returns the exit status and stores the output in `said_`.
  int swarm(const SwarmCommand& command) {
    testing::internal::CaptureStdout();
    const int status = swarm_command(command);
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
  SwarmCommand command;
  command.quiet = true;
  command.out = "small.json";
  EXPECT_EQ(swarm(command), kNotHeld);
  EXPECT_THAT(said_, testing::MatchesRegex("seed [0-9]+ fails: herd .* nobody asked for.*\n"
                                           "again: herdsim swarm --seed [0-9]+ --runs 1\n"
                                           "made small in [0-9,]+ runs: .*\nsmall.json\n"));
  const auto scenario = load_scenario("small.json");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_THAT(scenario->about, HasSubstr("an answer that nobody asked for"));
}

TEST_F(SwarmCommandOfMutants, ARunAloneIsTheSameRun) {
  SwarmCommand many;
  many.quiet = true;
  EXPECT_EQ(swarm(many), kNotHeld);
  const auto seed = std::stoull(said_.substr(std::string("seed ").size()));
  const std::string file = "swarm-" + std::to_string(seed) + ".json";
  const std::string told = said_, first = read(file);
  SwarmCommand alone;
  alone.quiet = true;
  alone.seed = seed;
  alone.runs = 1;
  EXPECT_EQ(swarm(alone), kNotHeld);
  // The existing file stays.
  const std::string second = "swarm-" + std::to_string(seed) + "-2.json";
  EXPECT_EQ(read(second), first);
  EXPECT_EQ(said_, told.substr(0, told.size() - file.size() - 1) + second + "\n");
}

TEST_F(SwarmCommandOfMutants, SaysWhereItCannotWrite) {
  SwarmCommand command;
  command.quiet = true;
  command.out = "nowhere/small.json";
  testing::internal::CaptureStderr();
  EXPECT_EQ(swarm(command), kNotCarriedOut);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("nowhere/small.json: cannot be written"));
}

}  // namespace
}  // namespace sim
