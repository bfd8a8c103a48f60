#include "sim/base/process/process_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "sim/base/process/process_usage.h"

namespace sim {
namespace {

using testing::UnorderedElementsAre;

TEST(ProcessStat, NameMayHoldAnything) {
  const auto entry = parse_process_stat(
      "42 (a) R 9 (\n) S 7 42 42 0 -1 4194304 99 1 2 3 10 20 300 400 20 0 1 0 1392279 3133440 418 "
      "18446744073709551615 1 2\n");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->pid, 42);
  EXPECT_EQ(entry->parent, 7);
  EXPECT_EQ(entry->state, 'S');
  EXPECT_EQ(entry->cpu_ticks, 30U);
  EXPECT_EQ(entry->reaped_ticks, 700U);
  EXPECT_EQ(entry->resident_pages, 418U);
}

TEST(ProcessStat, WhatIsNoneIsNone) {
  for (const char* text : {"", "42", "42 (a)", "x (a) S 7", "42 (a) S 7 42 42 0 -1 4194304 99"}) {
    EXPECT_FALSE(parse_process_stat(text)) << text;
  }
}

ProcessEntry entry(pid_t pid, pid_t parent, std::uint64_t ticks = 0, std::uint64_t reaped = 0) {
  return {.pid = pid, .parent = parent, .state = 'S', .cpu_ticks = ticks, .reaped_ticks = reaped};
}

std::vector<pid_t> pids(const std::vector<const ProcessEntry*>& entries) {
  std::vector<pid_t> out;
  out.reserve(entries.size());
  for (const ProcessEntry* each : entries) out.push_back(each->pid);
  return out;
}

TEST(ProcessTable, FindsDescendantsOfAnyDepthAndOrder) {
  const ProcessTable table(
      {entry(9, 4), entry(2, 1), entry(3, 2), entry(4, 3), entry(5, 1), entry(6, 2)});
  EXPECT_THAT(pids(table.descendants(2)), UnorderedElementsAre(3, 4, 6, 9));
  EXPECT_THAT(pids(table.descendants(9)), UnorderedElementsAre());
  EXPECT_EQ(table.find(7), nullptr);
}

TEST(ProcessTable, ACircleEnds) {
  const ProcessTable table({entry(2, 4), entry(3, 2), entry(4, 3), entry(7, 7)});
  EXPECT_LE(table.descendants(2).size(), 4U);
  EXPECT_THAT(pids(table.descendants(7)), UnorderedElementsAre());
}

TEST(ProcessTable, HoldsThisProcess) {
  const ProcessTable table = ProcessTable::read();
  const ProcessEntry* self = table.find(::getpid());
  ASSERT_NE(self, nullptr);
  EXPECT_EQ(self->parent, ::getppid());
  EXPECT_GT(self->resident_pages, 0U);
}

TEST(ProcessUsage, KeeperGivesWhatItReapedAndNotItsOwn) {
  const ProcessTable table({entry(2, 1, 1000, 30), entry(3, 2, 5, 2), entry(4, 3, 7, 0)});
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  EXPECT_DOUBLE_EQ(usage_under_keeper(table, 2).cpu_s, 44 / ticks);
  EXPECT_DOUBLE_EQ(usage_of(table, 3).cpu_s, 14 / ticks);
  EXPECT_DOUBLE_EQ(usage_of(table, 99).cpu_s, 0);
}

}  // namespace
}  // namespace sim
