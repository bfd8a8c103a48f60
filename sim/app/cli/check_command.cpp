// `herdsim check`: validates scenario files and runs nothing.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"

namespace sim {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  LoadOptions load;
};

int check(const CheckOptions& options) {
  if (!load_files(options.files, options.load)) return kBadUsage;
  for (const std::string& file : options.files) std::printf("%s: ok\n", file.c_str());
  return kDone;
}

}  // namespace

Command add_check_command(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& parser =
      *program.add_subcommand("check", "Check scenario files for errors without running them");
  parser.add_option("FILE", options->files, "Scenario files")->required();
  add_set_option(parser, options->load);
  parser.footer("Example: herdsim check scenarios/paper.json");
  return {&parser, [options] { return check(*options); }};
}

}  // namespace sim
