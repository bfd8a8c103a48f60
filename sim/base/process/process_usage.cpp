#include "sim/base/process/process_usage.h"

#include <unistd.h>

#include <cstdint>

namespace sim {
namespace {

ProcessUsage in_units(std::uint64_t ticks, std::uint64_t pages) {
  static const auto ticks_a_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  static const auto page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {.cpu_s = static_cast<double>(ticks) / ticks_a_second,
          .resident_mib = static_cast<double>(pages) * page_bytes / (1024.0 * 1024.0)};
}

ProcessUsage usage_from(const ProcessTable& table, pid_t root, std::uint64_t ticks,
                        std::uint64_t pages) {
  for (const ProcessEntry* process : table.descendants(root)) {
    ticks += process->cpu_ticks + process->reaped_ticks;
    pages += process->resident_pages;
  }
  return in_units(ticks, pages);
}

}  // namespace

ProcessUsage usage_under_keeper(const ProcessTable& table, pid_t keeper) {
  const ProcessEntry* entry = table.find(keeper);
  if (entry == nullptr) return {};
  // A daemon becomes a child of the keeper, so the keeper has its time after it has ended.
  return usage_from(table, keeper, entry->reaped_ticks, 0);
}

ProcessUsage usage_of(const ProcessTable& table, pid_t pid) {
  const ProcessEntry* entry = table.find(pid);
  if (entry == nullptr) return {};
  return usage_from(table, pid, entry->cpu_ticks + entry->reaped_ticks, entry->resident_pages);
}

}  // namespace sim
