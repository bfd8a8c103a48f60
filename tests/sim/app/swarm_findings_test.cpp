#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/app/swarm/findings.h"
#include "sim/measure/results/run_json.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// Returns the findings of a shard of the seeds 5 to 104; `failed`: the seed that fails, if any.
SwarmFindings shard_of_hundred(const Shard& shard, std::optional<std::uint64_t> failed = {}) {
  SwarmFindings findings{{5, 100}, to_string(shard), {}, "2024-05-01T12:00:00Z"};
  SwarmPart part;
  part.seeds = part_of(findings.all, shard);
  part.runs = part.seeds.count;
  part.updates = 10 * part.runs;
  if (failed) part.finding = SwarmFinding{*failed, {"it breaks"}, findings_file(*failed)};
  findings.parts.push_back(part);
  return findings;
}

TEST(SeedRange, PartsFollowEachOther) {
  for (const std::uint64_t of : {1U, 2U, 3U, 7U, 100U, 105U}) {
    std::uint64_t next = 5;
    for (std::uint64_t number = 1; number <= of; ++number) {
      const SeedRange part = part_of({5, 100}, {number, of});
      EXPECT_EQ(part.first, next);
      EXPECT_LE(part.count, 100 / of + 1);
      EXPECT_GE(part.count, 100 / of);
      next = part.end();
    }
    EXPECT_EQ(next, 105U);
  }
}

TEST(SwarmFindings, AreReadAsTheyWereWritten) {
  const test::TempFolder temp;
  const SwarmFindings written = shard_of_hundred({2, 3}, 50);
  ASSERT_FALSE(write_findings(written, temp.path()));
  const auto read = read_findings(read_run_file(temp.path()).get());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->all, written.all);
  EXPECT_EQ(read->shard, "2/3");
  EXPECT_EQ(read->start, written.start);
  EXPECT_EQ(read->parts, written.parts);
}

TEST(SwarmFindings, OfShardsInAnyOrderAreThoseOfTheWhole) {
  SwarmFindings all{{5, 100}, "", {}, ""};
  for (const std::uint64_t number : {3U, 1U, 2U, 1U}) {
    EXPECT_EQ(join_findings(all, shard_of_hundred({number, 3})), "");
  }
  EXPECT_EQ(all.parts.size(), 3U);
  EXPECT_THAT(all.missing(), IsEmpty());
  SwarmFindings again{{5, 100}, "", {}, ""};
  EXPECT_EQ(join_findings(again, all), "");
  EXPECT_EQ(again.parts, all.parts);
}

TEST(SwarmFindings, SayWhichSeedsAreMissing) {
  SwarmFindings all{{5, 100}, "", {}, ""};
  SwarmFindings stopped = shard_of_hundred({4, 4});
  stopped.parts[0].complete = false;
  EXPECT_EQ(join_findings(all, shard_of_hundred({2, 4})), "");
  EXPECT_EQ(join_findings(all, stopped), "");
  const auto missing = all.missing();
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_EQ(to_string(missing[0]) + ", " + to_string(missing[1]), "seeds 5 to 29, seeds 55 to 104");
}

TEST(SwarmFindings, ThatDoNotBelongTogetherAreRefused) {
  SwarmFindings all{{5, 100}, "", {}, ""};
  EXPECT_EQ(join_findings(all, shard_of_hundred({1, 3}, 7)), "");
  SwarmFindings other = shard_of_hundred({2, 3});
  other.all = {5, 200};
  EXPECT_EQ(join_findings(all, other), "is of another swarm (seeds 5 to 204)");
  EXPECT_THAT(join_findings(all, shard_of_hundred({1, 2})), HasSubstr("overlaps another shard"));
  EXPECT_THAT(join_findings(all, shard_of_hundred({1, 3}, 8)),
              HasSubstr("has found something else in seeds 5 to 38"));
  // After a failure the number of runs depends on the threads.
  SwarmFindings same = shard_of_hundred({1, 3}, 7);
  same.parts[0].runs = 3;
  EXPECT_EQ(join_findings(all, same), "");
}

}  // namespace
}  // namespace sim
