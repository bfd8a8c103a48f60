// `herdsim man`: prints the manual page.
#include <cstdio>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/manual/man_page.h"

namespace sim {
namespace {

int print_man_page(const CLI::App& program) {
  std::fputs(man_page(words_of_program(program), HERDSIM_VERSION).c_str(), stdout);
  return kDone;
}

}  // namespace

Command add_man_command(CLI::App& program) {
  CLI::App& parser = *program.add_subcommand("man", "Print the manual page, as roff");
  parser.footer("Example: herdsim man | man -l -");
  return {&parser, [&program] { return print_man_page(program); }};
}

}  // namespace sim
