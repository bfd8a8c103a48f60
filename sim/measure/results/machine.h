// The machine of a run, for run.json. Without it, the figures mean little.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

// Members that could not be found out are empty or 0. Names neither the host nor the user.
struct Machine {
  std::string os;      // for example "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  // for example "Linux 6.1.0-18-amd64 x86_64"
  std::string cpu;     // the model of the first processor
  unsigned cores = 0;  // the number that this process may use
  std::uint64_t memory_bytes = 0;
};

Machine read_machine();

// The parsers of read_machine(), for the formats of os-release, /proc/cpuinfo and /proc/meminfo.
std::string parse_os_name(std::string_view os_release);
std::string parse_cpu_model(std::string_view cpuinfo);
std::uint64_t parse_memory_bytes(std::string_view meminfo);

}  // namespace sim
