// The program's commands: one file per command, which holds its options, their checks, and its exit
// status.
//
// To add a command, add a line to HERDSIM_COMMANDS and a file NAME_command.cpp that defines
// `Command add_NAME_command(CLI::App& program)`. The help, the manual page and the completions
// follow from its parser; a test asks for its line in README.md.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace sim {

// Every command, in the order in which `herdsim --help` lists them.
#define HERDSIM_COMMANDS(COMMAND) \
  COMMAND(run)                    \
  COMMAND(show)                   \
  COMMAND(gather)                 \
  COMMAND(compare)                \
  COMMAND(try)                    \
  COMMAND(new)                    \
  COMMAND(export)                 \
  COMMAND(check)                  \
  COMMAND(scenarios)              \
  COMMAND(schema)                 \
  COMMAND(serve)                  \
  COMMAND(report)                 \
  COMMAND(trace)                  \
  COMMAND(swarm)                  \
  COMMAND(client)                 \
  COMMAND(places)                 \
  COMMAND(completion)             \
  COMMAND(man)                    \
  COMMAND(help)

struct Command {
  CLI::App* parser;          // of the command's own options; the program's parser owns it
  std::function<int()> run;  // call once the options are parsed; returns the exit status
};

// add_run_command(), add_check_command() …: each adds its command and the command's options to the
// program's parser.
#define HERDSIM_DECLARE_COMMAND(name) Command add_##name##_command(CLI::App& program);
HERDSIM_COMMANDS(HERDSIM_DECLARE_COMMAND)
#undef HERDSIM_DECLARE_COMMAND

}  // namespace sim
