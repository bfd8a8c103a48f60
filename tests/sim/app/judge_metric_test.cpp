#include "sim/app/compare/judge_metric.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::vector<SeedFigure> seeds(const std::vector<double>& figures, int first = 1) {
  std::vector<SeedFigure> out;
  for (const double each : figures) out.push_back({std::to_string(first++), each});
  return out;
}

Finding judged(std::size_t metric, const FigureRuns& runs, const std::string& gate = "") {
  Finding finding = judge_metric(metric, runs);
  if (!gate.empty()) finding.gate = *read_gate(gate);
  conclude(finding);
  return finding;
}

constexpr std::size_t kMessageCount = column("messages"), kCovered = column("covered");

TEST(JudgeMetric, TheSameSeedInVirtualTimeIsExact) {
  const Finding finding = judged(kMessageCount, {seeds({2000}), seeds({1200}), true});
  EXPECT_EQ(finding.method, Method::kExact);
  EXPECT_TRUE(finding.change->is_percent);
  EXPECT_DOUBLE_EQ(finding.change->estimate, -40);
  EXPECT_FALSE(finding.change->low.has_value());
  EXPECT_FALSE(finding.p.has_value());
  EXPECT_EQ(finding.verdict, Judgement::kBetter);
  EXPECT_EQ(judged(kMessageCount, {seeds({5}), seeds({5}), true}).verdict, Judgement::kSame);
  EXPECT_EQ(judged(kCovered, {seeds({200}), seeds({190}), true}).verdict, Judgement::kWorse);
  EXPECT_EQ(judged(column("servers"), {seeds({5}), seeds({6}), true}).verdict, Judgement::kDiffers);
}

TEST(JudgeMetric, FewExactSeedsHaveToAgree) {
  EXPECT_EQ(judged(kMessageCount, {seeds({10, 20}), seeds({12, 20}), true}).verdict,
            Judgement::kWorse);
  const Finding mixed = judged(kMessageCount, {seeds({10, 20}), seeds({12, 19}), true});
  EXPECT_EQ(mixed.verdict, Judgement::kUndecided);
  EXPECT_FALSE(mixed.why.empty());
}

TEST(JudgeMetric, OneLiveRunEachIsNotTested) {
  const Finding finding = judged(kMessageCount, {seeds({100}), seeds({500}), false}, "messages:+0");
  EXPECT_EQ(finding.method, Method::kNotTested);
  EXPECT_EQ(finding.why, "1 run each: not tested");
  EXPECT_DOUBLE_EQ(finding.change->estimate, 400);
  EXPECT_EQ(finding.verdict, Judgement::kUndecided);
  EXPECT_EQ(finding.gate_state, GateState::kHeld);
}

TEST(JudgeMetric, SixPairsOfSeedsAreTestedAsPairs) {
  const FigureRuns runs{seeds({10, 20, 30, 40, 50, 60}), seeds({12, 24, 36, 48, 60, 72}), false};
  const Finding finding = judged(kMessageCount, runs);
  EXPECT_EQ(finding.method, Method::kSignedRank);
  EXPECT_EQ(finding.pairs, 6U);
  EXPECT_NEAR(finding.change->estimate, 20, 1e-9);
  EXPECT_NEAR(*finding.change->low, 20, 1e-9);
  EXPECT_NEAR(*finding.change->high, 20, 1e-9);
  EXPECT_DOUBLE_EQ(*finding.p, 2.0 / 64);
  EXPECT_EQ(finding.verdict, Judgement::kWorse);
}

TEST(JudgeMetric, PairsAreMadeBySeedNotByOrder) {
  FigureRuns runs{seeds({10, 20, 30, 40, 50, 60}), {}, false};
  for (int seed = 6; seed >= 1; --seed) {
    runs.other.push_back({std::to_string(seed), seed * 10.0});
  }
  EXPECT_EQ(judged(kMessageCount, runs).verdict, Judgement::kSame);
}

TEST(JudgeMetric, FourRunsASideWithoutPairsAreTestedAsTwoSets) {
  const FigureRuns runs{seeds({10, 11, 12, 13}, 1), seeds({20, 22, 24, 26}, 100), false};
  const Finding finding = judged(kMessageCount, runs);
  EXPECT_EQ(finding.method, Method::kRankSum);
  EXPECT_DOUBLE_EQ(*finding.p, 2.0 / 70);
  EXPECT_NEAR(finding.change->estimate, 100, 7);
  EXPECT_EQ(finding.verdict, Judgement::kWorse);
  const FigureRuns few{seeds({1, 2, 3}, 1), seeds({4, 5, 6, 7}, 100), false};
  EXPECT_EQ(judged(kMessageCount, few).method, Method::kNotTested);
}

TEST(JudgeMetric, FiguresWithZerosAreComparedAsDifferences) {
  const FigureRuns runs{seeds({0, 0, 1, 0, 0, 2, 0, 0}), seeds({3, 4, 5, 3, 6, 4, 3, 5}), false};
  const Finding finding = judged(column("lost"), runs);
  EXPECT_FALSE(finding.change->is_percent);
  EXPECT_GT(finding.change->estimate, 0);
  EXPECT_EQ(finding.verdict, Judgement::kWorse);
}

TEST(JudgeMetric, AGateOfPercentTripsBeyondIt) {
  const FigureRuns runs{seeds({1000}), seeds({1040}), true};
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+5%").gate_state, GateState::kHeld);
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+4%").gate_state, GateState::kHeld);
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+3%").gate_state, GateState::kTripped);
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+40").gate_state, GateState::kHeld);
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+39").gate_state, GateState::kTripped);
}

TEST(JudgeMetric, AGateOfWhatShouldBeHighTripsIfItFalls) {
  const FigureRuns falls{seeds({200}), seeds({180}), true};
  EXPECT_EQ(judged(kCovered, falls, "covered:+5%").gate_state, GateState::kTripped);
  EXPECT_EQ(judged(kCovered, falls, "covered:+10%").gate_state, GateState::kHeld);
  const FigureRuns rises{seeds({180}), seeds({200}), true};
  EXPECT_EQ(judged(kCovered, rises, "covered:+0").gate_state, GateState::kHeld);
  const FigureRuns flips{seeds({1}), seeds({0}), true};
  EXPECT_EQ(judged(column("converged"), flips, "converged:+5%").gate_state, GateState::kTripped);
}

TEST(JudgeMetric, ABaseOfZeroIsComparedAbsolutely) {
  const FigureRuns runs{seeds({0}), seeds({1}), true};
  EXPECT_EQ(judged(column("lost"), runs, "lost:+500%").gate_state, GateState::kTripped);
  EXPECT_EQ(judged(column("lost"), runs, "lost:+1").gate_state, GateState::kHeld);
}

TEST(JudgeMetric, AnUnknownFigureWithAGateIsMissing) {
  const Finding finding = judged(kMessageCount, {seeds({5}), {}, true}, "messages:+0");
  EXPECT_EQ(finding.gate_state, GateState::kMissing);
}

TEST(JudgeMetric, AnIntervalWithinTheGateIsTheSame) {
  const FigureRuns runs{seeds({1000, 1010, 990, 1005, 995, 1002, 998, 1001}),
                        seeds({1001, 1008, 992, 1004, 996, 1001, 999, 1000}), false};
  EXPECT_EQ(judged(kMessageCount, runs).verdict, Judgement::kUndecided);
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+5%").verdict, Judgement::kSame);
}

TEST(JudgeMetric, AGateOfATestedFigureTripsIfItsIntervalIsBeyond) {
  const FigureRuns runs{seeds({100, 101, 102, 103, 104, 105, 106, 107}),
                        seeds({103, 104, 107, 109, 111, 113, 115, 117}), false};
  const Finding free = judged(kMessageCount, runs);
  EXPECT_EQ(free.verdict, Judgement::kWorse);
  EXPECT_NEAR(free.change->estimate, 6, 1);
  EXPECT_NEAR(*free.change->low, 4, 1);
  const Finding beyond = judged(kMessageCount, runs, "messages:+2%");
  EXPECT_EQ(beyond.verdict, Judgement::kWorse);
  EXPECT_EQ(beyond.gate_state, GateState::kTripped);
  for (const char* const gate : {"messages:+5%", "messages:+8%"}) {
    const Finding open = judged(kMessageCount, runs, gate);
    EXPECT_EQ(open.verdict, Judgement::kUndecided) << gate << " is within its interval";
    EXPECT_EQ(open.gate_state, GateState::kHeld) << gate;
  }
  EXPECT_EQ(judged(kMessageCount, runs, "messages:+20%").verdict, Judgement::kSame);
}

TEST(JudgeMetric, ARoundingErrorTripsNoGate) {
  EXPECT_EQ(judged(kMessageCount, {seeds({100}), seeds({107}), true}, "messages:+7%").gate_state,
            GateState::kHeld);
}

TEST(JudgeMetric, TheAdjustedPDecides) {
  const FigureRuns runs{seeds({10, 20, 30, 40, 50, 60}), seeds({12, 24, 36, 48, 60, 72}), false};
  Finding finding = judge_metric(kMessageCount, runs);
  finding.gate = *read_gate("messages:+5%");
  finding.adjusted_p = 0.0625;
  conclude(finding);
  EXPECT_EQ(finding.verdict, Judgement::kUndecided);
  EXPECT_EQ(finding.gate_state, GateState::kHeld);
}

}  // namespace
}  // namespace sim
