// What the run ran on, for run.json: numbers mean little without it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

// What could not be found out is empty or 0. It names neither the host nor the user.
struct Machine {
  std::string os;      // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  // "Linux 6.1.0-18-amd64 x86_64"
  std::string cpu;     // the first processor's model
  unsigned cores = 0;  // that this process may run on
  std::uint64_t memory_bytes = 0;
};

Machine read_machine();

// The parts of read_machine() that read text, for its sources' formats: os-release,
// /proc/cpuinfo and /proc/meminfo.
std::string parse_os_name(std::string_view os_release);
std::string parse_cpu_model(std::string_view cpuinfo);
std::uint64_t parse_memory_bytes(std::string_view meminfo);

}  // namespace sim
