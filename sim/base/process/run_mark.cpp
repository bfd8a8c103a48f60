#include "sim/base/process/run_mark.h"

#include <dirent.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <random>

#include "sim/base/io/open_folder.h"
#include "sim/base/text/read_file.h"

namespace sim {
namespace {

bool has_mark(const std::string& pid, std::string_view mark) {
  const auto environment = read_file("/proc/" + pid + "/environ");
  if (!environment) return false;
  const std::string variable = std::string(kMarkVariable) + "=";
  std::string_view rest = *environment;
  while (!rest.empty()) {
    const std::string_view each = rest.substr(0, rest.find('\0'));
    if (each.starts_with(variable) && each.find(mark) != std::string_view::npos) return true;
    rest.remove_prefix(std::min(rest.size(), each.size() + 1));
  }
  return false;
}

}  // namespace

const std::string& run_mark() {
  static const std::string mark = [] {
    std::random_device random;
    const std::uint64_t number = std::uint64_t{random()} << 32 | random();
    return fmt::format("{:016x}:", number);
  }();
  return mark;
}

std::string next_mark() {
  static std::atomic<std::uint64_t> next{0};
  return fmt::format("{}{};", run_mark(), next++);
}

std::string marked_with(const std::string& mark) {
  const char* const before = std::getenv(kMarkVariable);
  return before == nullptr ? mark : before + mark;
}

std::vector<pid_t> marked_processes(std::string_view mark) {
  std::vector<pid_t> found;
  const OpenFolder folder(::opendir("/proc"));
  if (folder == nullptr) return found;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    if (has_mark(entry->d_name, mark)) found.push_back(std::atoi(entry->d_name));
  }
  return found;
}

}  // namespace sim
