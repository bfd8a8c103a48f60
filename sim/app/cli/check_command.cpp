// `herdsim check`: validates scenario files and runs nothing.
#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <variant>
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
  const auto loaded = load_files(options.files, options.load);
  if (!loaded) return kBadUsage;
  for (std::size_t i = 0; i < loaded->size(); ++i) {
    const auto* sweep = std::get_if<Sweep>(&(*loaded)[i]);
    const bool partly = sweep != nullptr && sweep->checked < sweep->points();
    const std::string which =
        partly ? fmt::format(" ({} of {} points checked, for there is so much in each)",
                             sweep->checked, sweep->points())
               : "";
    std::printf("%s: ok%s\n", options.files[i].c_str(), which.c_str());
  }
  return kDone;
}

}  // namespace

Command add_check_command(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& parser =
      *program.add_subcommand("check", "Check scenario files for errors without running them");
  parser.add_option("FILE", options->files, "Scenario files")->required();
  add_set_option(parser, options->load);
  add_no_expect_option(parser, options->load);
  parser.footer("Example: herdsim check scenarios/paper.json");
  return {&parser, [options] { return check(*options); }};
}

}  // namespace sim
