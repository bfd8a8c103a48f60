// `herdsim check`: validates scenario files and runs nothing.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/app/cli/checked_file.h"
#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"

namespace sim {
namespace {

enum class CheckFormat { kText, kJson, kGithub };

struct CheckOptions {
  std::vector<std::string> files;
  CheckFormat format = CheckFormat::kText;
  LoadOptions load;
};

CheckedFile check_file(const std::string& name, const LoadOptions& options) {
  CheckedFile checked;
  checked.file = name;
  const auto loaded = load_file(name, options);
  if (!loaded) {
    checked.errors = loaded.error();
    return checked;
  }
  checked.is_valid = true;
  checked.warnings = warnings_of(*loaded);
  if (const auto* sweep = std::get_if<Sweep>(&*loaded)) {
    checked.points = sweep->points();
    checked.checked = std::min(sweep->checked, sweep->points());
  }
  return checked;
}

// Problems go to standard error, verdicts to standard output. No file is called good if one is bad.
void print_checked(const std::vector<CheckedFile>& files) {
  for (const CheckedFile& file : files) {
    for (const auto* lines : {&file.errors, &file.warnings}) {
      for (const std::string& line : *lines) std::fprintf(stderr, "%s\n", line.c_str());
    }
  }
  if (!are_valid(files)) return;
  for (const CheckedFile& file : files) std::fputs(verdict_line(file).c_str(), stdout);
}

int check(const CheckOptions& options) {
  std::vector<CheckedFile> files;
  for (const std::string& name : options.files) files.push_back(check_file(name, options.load));
  switch (options.format) {
    case CheckFormat::kText:
      print_checked(files);
      break;
    case CheckFormat::kJson:
      std::fputs(checked_json(files).c_str(), stdout);
      break;
    case CheckFormat::kGithub:
      std::fputs(checked_for_github(files).c_str(), stdout);
      break;
  }
  return are_valid(files) ? kDone : kBadUsage;
}

}  // namespace

Command add_check_command(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  options->load.as_run = false;
  options->load.clients = false;
  CLI::App& parser =
      *program.add_subcommand("check", "Check scenario files for errors without running them");
  parser.add_option("FILE", options->files, "Scenario files; -: standard input")->required();
  add_set_option(parser, options->load);
  add_no_expect_option(parser, options->load);
  add_choice_option<CheckFormat>(parser, "--format", options->format,
                                 {{"text", CheckFormat::kText},
                                  {"json", CheckFormat::kJson},
                                  {"github", CheckFormat::kGithub}},
                                 "Format of the output; github: commands by which a workflow shows "
                                 "errors at their lines (default: text)");
  parser.footer("Example: herdsim check scenarios/paper.json");
  return {&parser, [options] { return check(*options); }};
}

}  // namespace sim
