#include <fmt/format.h>

#include "sim/app/manual/completions.h"

namespace sim {
namespace {

// Returns the text in fish's single quotes, inside which a backslash keeps its next character.
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

// Returns the options of `complete` that say which values the shell offers.
std::string fish_offer(const ArgumentWords& argument) {
  switch (argument.completes) {
    case Completes::kNothing:
      return "";
    case Completes::kFiles:
      return " -F";
    case Completes::kFolders:
      return " -a '(__fish_complete_directories)'";
    case Completes::kChoices:
      return " -a " + fish_quoted(spaced(argument.choices));
  }
  return "";
}

// -r: the option needs a value, which may be a file; -x: it needs one that is not a file.
std::string fish_value(const ArgumentWords& argument) {
  return (argument.completes == Completes::kFiles ? " -r" : " -x") + fish_offer(argument);
}

// Returns the condition that this command is on the command line; an empty name: that none is.
std::string fish_condition(const std::string& command) {
  return fish_quoted("__herdsim_is " + (command.empty() ? "\"\"" : command));
}

// " -s h -l help"
std::string fish_names(const ArgumentWords& option) {
  std::string out;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    out += (is_long ? " -l " : " -s ") + name.substr(is_long ? 2 : 1);
  }
  return out;
}

void append_fish_options(std::string& out, const CommandWords& command,
                         const std::string& condition) {
  for (const ArgumentWords& option : command.options) {
    out += fmt::format("complete -c herdsim -n {}{}{} -d {}\n", condition, fish_names(option),
                       option.value.empty() ? "" : fish_value(option), fish_quoted(option.says));
  }
}

void append_fish_command(std::string& out, const CommandWords& command) {
  const std::string condition = fish_condition(command.name);
  append_fish_options(out, command, condition);
  if (command.arguments.empty()) return;
  const std::string values = fish_offer(command.arguments.front());
  if (!values.empty()) out += fmt::format("complete -c herdsim -n {}{}\n", condition, values);
}

constexpr const char* kFishHead =
    R"fish(# fish completion for herdsim, written by `herdsim completion fish`.
function __herdsim_is -d 'Whether the first word after herdsim is this one'
  set -l words (commandline -opc)
  test "$words[2]" = "$argv[1]"
end
complete -c herdsim -f
)fish";

}  // namespace

std::string fish_completion(const ProgramWords& words) {
  std::string out = kFishHead;
  append_fish_options(out, words.program, fish_condition(""));
  for (const CommandWords& command : words.commands) {
    out += fmt::format("complete -c herdsim -n {} -a {} -d {}\n", fish_condition(""), command.name,
                       fish_quoted(command.says));
  }
  for (const CommandWords& command : words.commands) append_fish_command(out, command);
  return out;
}

}  // namespace sim
