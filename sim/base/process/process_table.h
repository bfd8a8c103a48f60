// The processes of the machine, as /proc shows them at one time.
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
  char state = '?';                // 'Z': has ended, but its parent has not waited for it
  std::uint64_t cpu_ticks = 0;     // user and system time of all its threads
  std::uint64_t reaped_ticks = 0;  // the same for children that it waited for, and theirs
  std::uint64_t resident_pages = 0;
};

// Parses the text of /proc/PID/stat. Returns nullopt if it is wrong. The program's name in it may
// contain any characters.
std::optional<ProcessEntry> parse_process_stat(std::string_view text);

class ProcessTable {
 public:
  // Reads all processes; skips those that vanish meanwhile. Returns an empty table if there is no
  // /proc. Needs a few system calls per process of the machine, so read one table for many
  // questions. Any thread may call it.
  static ProcessTable read();
  explicit ProcessTable(std::vector<ProcessEntry> entries);

  // Returns null if there is no such process.
  const ProcessEntry* find(pid_t pid) const;
  // Returns the children of `pid`, their children and so on, including zombies, but not `pid`
  // itself.
  std::vector<const ProcessEntry*> descendants(pid_t pid) const;

 private:
  std::vector<ProcessEntry> entries_;
  std::unordered_map<pid_t, const ProcessEntry*> by_pid_;
  std::unordered_multimap<pid_t, const ProcessEntry*> by_parent_;
};

}  // namespace sim
