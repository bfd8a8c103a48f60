// `herdsim report`: writes the page of a results folder again.
#include <cstdio>
#include <memory>
#include <string>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/measure/report/write_report.h"

namespace sim {
namespace {

int report(const std::string& folder) {
  if (!has_report()) {
    std::fputs(kNoReport, stderr);
    return kNotCarriedOut;
  }
  if (const auto error = write_report(folder)) {
    std::fprintf(stderr, "%s\n", error->message().c_str());
    return kNotCarriedOut;
  }
  std::printf("%s/%s\n", folder.c_str(), kReportFile);
  return kDone;
}

}  // namespace

Command add_report_command(CLI::App& program) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& parser = *program.add_subcommand(
      "report", "Write the page report.html of a results folder, from its files alone");
  parser.add_option("DIR", *folder, "Results folder of a run or a sweep")->required();
  parser.footer("Example: herdsim report results/paper");
  return {&parser, [folder] { return report(*folder); }};
}

}  // namespace sim
