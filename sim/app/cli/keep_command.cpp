#include "sim/app/cli/keep_command.h"

#include <cstdio>
#include <string_view>

#include "sim/app/cli/exit_status.h"
#include "sim/base/process/keeper.h"
#include "sim/base/process/process_guard.h"

namespace sim {

int keep_command(int argc, char** argv) {
  KeeperOrder order;
  int next = 0;
  const auto take = [&](std::string_view option, std::string& value) {
    if (next + 1 >= argc || argv[next] != option) return;
    value = argv[next + 1];
    next += 2;
  };
  take("--cwd", order.cwd);
  take("--scratch", order.scratch);
  const bool ends_options = next < argc && std::string_view(argv[next]) == "--";
  if (ends_options) order.command.assign(argv + next + 1, argv + argc);
  if (order.command.empty() || !can_keep()) {
    std::fputs("keep: herdsim's own way of running external programs, not to be called\n", stderr);
    return kBadUsage;
  }
  return run_keeper(order);
}

int guard_command(int argc, char** argv) {
  if (argc != 1 || *argv[0] == '\0' || !can_guard()) {
    std::fputs("guard: herdsim's own way of ending external programs, not to be called\n", stderr);
    return kBadUsage;
  }
  return run_guard(argv[0]);
}

}  // namespace sim
