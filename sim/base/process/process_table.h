// The machine's processes as /proc shows them at one time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sim {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';                // 'Z': has ended, and its parent has not asked how
  std::uint64_t cpu_ticks = 0;     // user and system, of all its threads
  std::uint64_t reaped_ticks = 0;  // the same of the children that it waited for, and of theirs
  std::uint64_t resident_pages = 0;
};

// One process's line in /proc/PID/stat; nullopt where it is none. The program's name in it may
// hold anything.
std::optional<ProcessEntry> parse_process_stat(std::string_view text);

class ProcessTable {
 public:
  // Those that vanish meanwhile are left out. Empty where there is no /proc. A few system calls a
  // process of the machine: whoever asks about many reads one table. Any thread.
  static ProcessTable read();
  explicit ProcessTable(std::vector<ProcessEntry> entries);

  // Null where there is none.
  const ProcessEntry* find(pid_t pid) const;
  // Its children, their children and so on, without itself, those that have ended included.
  std::vector<const ProcessEntry*> descendants(pid_t pid) const;

 private:
  std::vector<ProcessEntry> entries_;
  std::unordered_map<pid_t, const ProcessEntry*> by_pid_;
  std::unordered_multimap<pid_t, const ProcessEntry*> by_parent_;
};

}  // namespace sim
