// The swarm finds every broken rule of the herd: it finds a run that fails, and reduces it to a
// small scenario that shows the bug.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/mutation.h"
#include "sim/app/swarm/swarm.h"
#include "sim/run/virtual_run.h"
#include "sim/script/read/load_scenario.h"
#include "tests/mutants/broken_rule.h"

namespace sim {
namespace {

using herd::Mutation;
using herd::test::BrokenRule;

constexpr std::uint64_t kRuns = 300;
constexpr std::size_t kMostShrinkingRuns = 2'000;

struct Mutant {
  const char* name;
  Mutation rule;
};
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

SwarmReport swarm(unsigned jobs = 2) {
  SwarmOptions options;
  options.runs = kRuns;
  options.jobs = jobs;
  return run_swarm(options);
}

class SwarmOfMutants : public testing::TestWithParam<Mutant> {};

TEST_P(SwarmOfMutants, IsFoundAndMadeSmall) {
  std::optional<SmallFailure> small;
  {
    const BrokenRule broken(GetParam().rule);
    const SwarmReport report = swarm();
    ASSERT_TRUE(report.failure) << "not found in " << kRuns << " runs";
    small = make_small(*report.failure, kMostShrinkingRuns);
    EXPECT_TRUE(judge(small->scenario, checks_for(report.failure->seed)).has(small->failure.kind));
  }
  SCOPED_TRACE(small->failure.sentence + '\n' + small->scenario);
  const auto scenario = parse_scenario("small.json", small->scenario);
  ASSERT_TRUE(scenario.ok());
  ASSERT_EQ(scenario->herds.size(), 1u);
  EXPECT_LE(scenario->herds[0].servers.size(), 4u);
  EXPECT_LE(scenario->events.size(), 5u);
  // The scenario shows the broken rule and nothing else.
  EXPECT_TRUE(judge(small->scenario, {}).failures.empty());
}

INSTANTIATE_TEST_SUITE_P(EachRule, SwarmOfMutants,
                         testing::Values(Mutant{"OlderWins", Mutation::kOlderWins},
                                         Mutant{"TiesUnresolved", Mutation::kTiesUnresolved},
                                         Mutant{"RepairForgotten", Mutation::kRepairForgotten},
                                         Mutant{"RepairKept", Mutation::kRepairKept},
                                         Mutant{"AnswerTwice", Mutation::kAnswerTwice},
                                         Mutant{"RefusalSwallowed", Mutation::kRefusalSwallowed},
                                         Mutant{"SplitHorizonLost", Mutation::kSplitHorizonLost},
                                         Mutant{"NeighborSkipped", Mutation::kNeighborSkipped},
                                         Mutant{"MapNotPassedOn", Mutation::kMapNotPassedOn},
                                         Mutant{"GraftIgnored", Mutation::kGraftIgnored},
                                         Mutant{"HotForEver", Mutation::kHotForEver},
                                         Mutant{"BatchTail", Mutation::kBatchTail},
                                         Mutant{"MeshLeftOut", Mutation::kMeshLeftOut}),
                         [](const auto& mutant) { return std::string(mutant.param.name); });

// Drawn scenarios are too short for what plumtree learns, so this one is calm.
TEST(Checker, FindsATreeThatIsNotPruned) {
  const auto scenario = parse_scenario("calm.json", R"({
    "name": "calm", "clock": "virtual", "duration": "8s", "record": "updates",
    "herds": [{"name": "h", "servers": 5, "links": "complete", "link": {"latency": "5ms"},
               "propagation": "plumtree"}],
    "clients": [{"id": "kiwi", "server": "S1", "updates": "1/s"}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.error().front();
  const auto whole = run_virtual(*scenario, {});
  ASSERT_TRUE(whole.ok());
  EXPECT_THAT(whole->herds[0].violations, testing::IsEmpty());
  const BrokenRule broken(Mutation::kPruneIgnored);
  const auto run = run_virtual(*scenario, {});
  ASSERT_TRUE(run.ok());
  EXPECT_THAT(run->herds[0].violations,
              testing::Contains(testing::HasSubstr("where 4 are needed")));
}

TEST(Swarm, TellsTheFirstFailingRunWhateverTheNumberOfThreads) {
  const BrokenRule broken(Mutation::kTiesUnresolved);
  const SwarmReport alone = swarm(1);
  ASSERT_TRUE(alone.failure);
  for (const unsigned jobs : {2U, 5U}) {
    const SwarmReport together = swarm(jobs);
    ASSERT_TRUE(together.failure);
    EXPECT_EQ(together.failure->seed, alone.failure->seed);
    EXPECT_EQ(together.failure->verdict.failures[0].sentence,
              alone.failure->verdict.failures[0].sentence);
  }
}

TEST(Swarm, FindsNothingWhereNoRuleIsBroken) {
  const SwarmReport report = swarm();
  ASSERT_FALSE(report.failure) << report.failure->verdict.failures[0].sentence << '\n'
                               << report.failure->scenario;
  EXPECT_EQ(report.runs, kRuns);
}

}  // namespace
}  // namespace sim
