#include "sim/worlds/live/descriptor_limit.h"

#include <sys/resource.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace sim {

void raise_descriptor_limit() { static_cast<void>(raise_descriptor_limit(0)); }

std::optional<Error> raise_descriptor_limit(std::uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  const rlim_t allowed = setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
  if (needed <= allowed) return std::nullopt;
  const std::string count = std::to_string(needed);
  return Error{"it needs " + count + " open files, and this process may have " +
               std::to_string(allowed) + ": raise the hard limit (as root: ulimit -n " + count +
               "), or have fewer servers, links or clients"};
}

DescriptorUse descriptor_use() {
  rlimit limit{};
  DescriptorUse use;
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) use.limit = limit.rlim_cur;
  std::error_code unreadable;
  // Counts the one that reads the folder too.
  for (auto each = std::filesystem::directory_iterator("/proc/self/fd", unreadable);
       !unreadable && each != std::filesystem::directory_iterator(); each.increment(unreadable)) {
    ++use.open;
  }
  return use;
}

}  // namespace sim
