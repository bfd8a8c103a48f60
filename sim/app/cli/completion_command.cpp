// `herdsim completion`: prints the completion script of a shell.
#include <cstdio>
#include <memory>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/manual/completions.h"

namespace sim {
namespace {

using Script = std::string (*)(const ProgramWords&);

int print_completion(const CLI::App& program, Script script) {
  std::fputs(script(words_of_program(program)).c_str(), stdout);
  return kDone;
}

}  // namespace

Command add_completion_command(CLI::App& program) {
  const auto script = std::make_shared<Script>(nullptr);
  CLI::App& parser = *program.add_subcommand(
      "completion", "Print a script with which a shell completes herdsim's commands and options");
  add_choice_option<Script>(
      parser, "SHELL", *script,
      {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}},
      "The shell: bash, zsh or fish")
      .required();
  parser.footer("Example: herdsim completion bash > herdsim.bash");
  return {&parser, [&program, script] { return print_completion(program, *script); }};
}

}  // namespace sim
