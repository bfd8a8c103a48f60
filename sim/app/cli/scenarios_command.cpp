// `herdsim scenarios`: lists the scenarios that come with herdsim.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/shipped_scenarios.h"
#include "sim/app/cli/terminal.h"
#include "sim/base/text/utf8.h"

namespace sim {
namespace {

int list_scenarios() {
  const auto folder = shipped_folder();
  if (!folder) {
    std::fputs("herdsim scenarios: there are no scenarios beside this program\n", stderr);
    return kNotCarriedOut;
  }
  const auto scenarios = shipped_in(*folder);
  std::size_t widest = 0;
  for (const ShippedScenario& each : scenarios) widest = std::max(widest, each.name.size());
  const std::size_t width = screen_of_output().columns;
  std::printf("%s:\n\n", folder->c_str());
  for (const ShippedScenario& each : scenarios) {
    std::string heading = "  " + each.name;
    heading.resize(widest + 4, ' ');
    std::fputs(wrapped(heading, printable(each.about), width).c_str(), stdout);
  }
  std::fputs("\nTo run one, or a copy of it: herdsim run NAME\n", stdout);
  return kDone;
}

}  // namespace

Command add_scenarios_command(CLI::App& program) {
  CLI::App& parser = *program.add_subcommand(
      "scenarios", "List the scenarios that come with herdsim, which run by name");
  parser.footer("Example: herdsim scenarios | less");
  return {&parser, [] { return list_scenarios(); }};
}

}  // namespace sim
