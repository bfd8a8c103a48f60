#include <cstdio>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"

namespace sim {

int check_command(const CheckCommand& command) {
  if (!load_files(command.files, command.load)) return kBadUsage;
  for (const std::string& file : command.files) std::printf("%s: ok\n", file.c_str());
  return kDone;
}

}  // namespace sim
