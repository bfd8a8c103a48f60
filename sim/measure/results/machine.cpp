#include "sim/measure/results/machine.h"

#include <sys/utsname.h>

#include <thread>

#include "sim/base/text/numbers.h"
#include "sim/base/text/read_file.h"

namespace sim {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Returns the value of the first line `KEY <separator> VALUE`; empty if there is none.
std::string_view value_of(std::string_view text, std::string_view key, char separator) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t at = line.find(separator);
    if (at != line.npos && trim(line.substr(0, at)) == key) return trim(line.substr(at + 1));
  }
  return {};
}

}  // namespace

std::string parse_os_name(std::string_view os_release) {
  std::string_view name = value_of(os_release, "PRETTY_NAME", '=');
  if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
      name.back() == name.front()) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

std::string parse_cpu_model(std::string_view cpuinfo) {
  // The key depends on the processor's family: x86, then POWER, then some ARM and RISC-V.
  for (const std::string_view key : {"model name", "cpu", "Model", "uarch"}) {
    if (const auto value = value_of(cpuinfo, key, ':'); !value.empty()) return std::string(value);
  }
  return {};
}

std::uint64_t parse_memory_bytes(std::string_view meminfo) {
  const std::string_view value = value_of(meminfo, "MemTotal", ':');  // for example "8050212 kB"
  return read_whole<std::uint64_t>(value.substr(0, value.find(' '))).value_or(0) * 1024;
}

Machine read_machine() {
  Machine machine;
  machine.os = parse_os_name(read_file("/etc/os-release").value_or(""));
  if (utsname system{}; uname(&system) == 0) {
    machine.kernel = std::string(system.sysname) + ' ' + system.release + ' ' + system.machine;
  }
  machine.cpu = parse_cpu_model(read_file("/proc/cpuinfo").value_or(""));
  machine.cores = std::thread::hardware_concurrency();
  machine.memory_bytes = parse_memory_bytes(read_file("/proc/meminfo").value_or(""));
  return machine;
}

}  // namespace sim
