// The command line as data: the commands, their arguments and options, with the words of the help.
// Read from the parser, so the manual page and the completions of the shells say the same as it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sim {

// The values that a shell offers.
enum class Completes { kNothing, kFiles, kFolders, kChoices };

struct ArgumentWords {
  std::vector<std::string> names;    // "-V", "--version"; an argument has one: "FILE"
  std::string value;                 // "DIR", "live|virtual"; empty if an option takes no value
  std::string says;                  // the sentence of the help
  std::vector<std::string> choices;  // for Completes::kChoices
  Completes completes = Completes::kNothing;
  bool repeats = false;   // may be given more than once
  bool required = false;  // of an argument; false for an option
};

struct CommandWords {
  std::string name, says;
  std::vector<std::string> notes;        // paragraphs that follow the options in its help
  std::string example;                   // a command line; may be empty
  std::vector<ArgumentWords> arguments;  // those that are no options, in order
  std::vector<ArgumentWords> options;
};

struct ProgramWords {
  CommandWords program;  // its name is "herdsim"; it has no arguments of its own
  std::vector<CommandWords> commands;
};

// Returns the words of a parser that has all its commands.
ProgramWords words_of_program(const CLI::App& program);

}  // namespace sim
