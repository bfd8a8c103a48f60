// `herdsim help`: prints the same as --help.
#include <cstdio>
#include <memory>
#include <string>

#include "sim/app/cli/command_names.h"
#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/option_checks.h"

namespace sim {
namespace {

int print_help(const CLI::App& program, const std::string& name) {
  std::string help;
  if (name.empty()) {
    // program.help() would return the help of the command that was given, this one.
    help = program.get_formatter()->make_help(&program, program.get_name(),
                                              CLI::AppFormatMode::Normal);
  } else {
    for (const CLI::App* command : program.get_subcommands({})) {
      if (command->get_name() == name) help = command->help(program.get_name());
    }
  }
  std::fputs(help.c_str(), stdout);
  return kDone;
}

}  // namespace

Command add_help_command(CLI::App& program) {
  const auto name = std::make_shared<std::string>();
  // The names are asked for only when they are needed, because commands may be added after this
  // one.
  CLI::App& parser =
      *program.add_subcommand("help", "Print the help of a command, as COMMAND --help does");
  parser.add_option("COMMAND", *name, "The command (default: help on herdsim itself)")
      ->type_name_fn([&program] { return CLI::detail::join(command_names(program), "|"); })
      ->check(
          [&program](const std::string& value) { return one_of(command_names(program))(value); });
  parser.footer("Example: herdsim help run");
  return {&parser, [&program, name] { return print_help(program, *name); }};
}

}  // namespace sim
