#include "sim/app/shards/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sim {
namespace {

using testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

Environment environment_of(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

// Returns "2/4 by SLURM_ARRAY_TASK_ID=2", or the error.
std::string scheduled(const Variables& variables, std::optional<std::uint64_t> of = std::nullopt) {
  const auto found = scheduled_shard(environment_of(variables), of);
  return found ? to_string(found->shard) + " by " + found->source : found.error();
}

Variables array_task(const std::string& id, const std::string& first, const std::string& last,
                     const std::string& count) {
  return {{"SLURM_ARRAY_TASK_ID", id},
          {"SLURM_ARRAY_TASK_MIN", first},
          {"SLURM_ARRAY_TASK_MAX", last},
          {"SLURM_ARRAY_TASK_COUNT", count}};
}

TEST(Shard, IsReadAndWritten) {
  EXPECT_EQ(read_shard("2/4"), (Shard{2, 4}));
  EXPECT_EQ(to_string(Shard{2, 4}), "2/4");
  EXPECT_EQ(folder_name(Shard{2, 4}), "2-of-4");
  for (const char* const wrong :
       {"", "2", "/", "0/4", "5/4", "2/0", "2/4/8", "-1/4", "2/1000001", "a/4", "2/4 ", "+2/4"}) {
    EXPECT_FALSE(read_shard(wrong)) << wrong;
  }
}

TEST(ScheduledShard, OfAnArrayFrom1OrFrom0) {
  EXPECT_EQ(scheduled(array_task("2", "1", "4", "4")), "2/4 by SLURM_ARRAY_TASK_ID=2");
  EXPECT_EQ(scheduled(array_task("0", "0", "3", "4")), "1/4 by SLURM_ARRAY_TASK_ID=0");
  EXPECT_EQ(scheduled(array_task("2", "1", "4", "4"), 4), "2/4 by SLURM_ARRAY_TASK_ID=2");
}

// A task that is submitted again alone would take itself for the only one.
TEST(ScheduledShard, NotOfAnArrayWithOtherNumbers) {
  for (const Variables& array : {array_task("3", "3", "3", "1"), array_task("1", "1", "7", "4"),
                                 array_task("3", "2", "5", "4"), array_task("1", "", "", "")}) {
    EXPECT_THAT(scheduled(array), HasSubstr("neither 1 to N nor 0 to N - 1 (use --shard I/N)"));
  }
  EXPECT_THAT(scheduled(array_task("2", "1", "4", "4"), 8),
              HasSubstr("is one of 4 processes, and --shard has 8 parts"));
}

TEST(ScheduledShard, KubernetesSaysTheNumberOnly) {
  const Variables job = {{"JOB_COMPLETION_INDEX", "3"}};
  EXPECT_EQ(scheduled(job, 8), "4/8 by JOB_COMPLETION_INDEX=3");
  EXPECT_THAT(scheduled(job), HasSubstr("use --shard auto/N"));
  EXPECT_THAT(scheduled(job, 3), HasSubstr("is not one of 3 numbers from 0 on"));
}

TEST(ScheduledShard, OfLaunchersAndGitLab) {
  EXPECT_EQ(scheduled({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "2"}}),
            "1/2 by OMPI_COMM_WORLD_RANK=0");
  EXPECT_EQ(scheduled({{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "2"}}), "1/2 by CI_NODE_INDEX=1");
}

TEST(ScheduledShard, NoneAndTwo) {
  EXPECT_THAT(scheduled({}), HasSubstr("no scheduler says which part this is"));
  Variables both = array_task("2", "1", "4", "4");
  both["SLURM_PROCID"] = "1";
  both["SLURM_STEP_NUM_TASKS"] = "2";
  EXPECT_EQ(scheduled(both),
            "SLURM_ARRAY_TASK_ID=2 and SLURM_PROCID=1 both say which part this is (use --shard "
            "I/N)");
  // A step of one task, as `srun herdsim` in a batch script is, says nothing.
  both["SLURM_STEP_NUM_TASKS"] = "1";
  both["SLURM_PROCID"] = "0";
  EXPECT_EQ(scheduled(both), "2/4 by SLURM_ARRAY_TASK_ID=2");
}

TEST(ParallelLaunch, OfSeveralProcessesOnly) {
  const auto launch = [](const Variables& variables) {
    return parallel_launch(environment_of(variables));
  };
  EXPECT_FALSE(launch({}));
  EXPECT_FALSE(launch({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}}));
  EXPECT_FALSE(launch({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}));  // a batch script
  const auto mpi = launch({{"OMPI_COMM_WORLD_RANK", "3"},
                           {"OMPI_COMM_WORLD_SIZE", "4"},
                           {"SLURM_PROCID", "0"},
                           {"SLURM_STEP_NUM_TASKS", "1"}});
  ASSERT_TRUE(mpi);
  EXPECT_EQ(mpi->launcher + ' ' + std::to_string(mpi->processes) + ' ' + mpi->source,
            "mpirun 4 OMPI_COMM_WORLD_SIZE=4");
  const auto srun = launch({{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "2"}});
  ASSERT_TRUE(srun);
  EXPECT_EQ(srun->launcher, "srun");
}

}  // namespace
}  // namespace sim
