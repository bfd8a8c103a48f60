#include <fmt/format.h>

#include "sim/app/manual/completions.h"

namespace sim {
namespace {

// Puts a backslash before each of the characters that end a part of a specification.
std::string zsh_escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// ":DIR:_files -/"
std::string zsh_value(const ArgumentWords& argument) {
  std::string action = " ";  // no matches, but the message
  if (argument.completes == Completes::kFiles) action = "_files";
  if (argument.completes == Completes::kFolders) action = "_files -/";
  if (argument.completes == Completes::kChoices) action = '(' + spaced(argument.choices) + ')';
  const std::string message =
      argument.completes == Completes::kChoices ? "value" : zsh_escaped(argument.value, ":");
  return ':' + message + ':' + action;
}

void append_zsh_spec(std::string& out, const std::string& spec) {
  out += " \\\n          " + shell_quoted(spec);
}

// One specification per name, because the shell would take a list of them in braces for one word.
void append_zsh_option(std::string& out, const ArgumentWords& option) {
  const bool takes_value = !option.value.empty();
  for (const std::string& name : option.names) {
    std::string spec = option.repeats ? "*" : '(' + spaced(option.names) + ')';
    spec += name;
    if (takes_value) spec += name.starts_with("--") ? "=" : "+";
    spec += '[' + zsh_escaped(option.says, "[]:") + ']';
    append_zsh_spec(out, takes_value ? spec + zsh_value(option) : spec);
  }
}

void append_zsh_command(std::string& out, const CommandWords& command) {
  out += fmt::format("      {})\n        _arguments -s", command.name);
  for (const ArgumentWords& option : command.options) append_zsh_option(out, option);
  int place = 1;
  for (const ArgumentWords& argument : command.arguments) {
    append_zsh_spec(out, (argument.repeats ? "*" : std::to_string(place)) + zsh_value(argument));
    ++place;
  }
  out += " ;;\n";
}

constexpr const char* kZshArguments = R"sh( \
    '1:command:->command' \
    '*:::argument:->argument'
  case $state in
  command) _describe -t commands 'command' commands ;;
  argument)
    words=($line[1] "${words[@]}")
    ((CURRENT += 1))
    case $line[1] in
)sh";

constexpr const char* kZshTail = R"sh(    esac ;;
  esac
}
if [[ $funcstack[1] == _herdsim ]]; then
  _herdsim "$@"
else
  compdef _herdsim herdsim
fi
)sh";

}  // namespace

std::string zsh_completion(const ProgramWords& words) {
  std::string out =
      "#compdef herdsim\n# zsh completion for herdsim, written by `herdsim completion zsh`.\n"
      "_herdsim() {\n  local curcontext=$curcontext context state state_descr line\n"
      "  typeset -A opt_args\n  local -a commands\n  commands=(\n";
  for (const CommandWords& command : words.commands) {
    out += "    " + shell_quoted(command.name + ':' + zsh_escaped(command.says, ":")) + '\n';
  }
  out += "  )\n  _arguments -C";
  for (const ArgumentWords& option : words.program.options) append_zsh_option(out, option);
  out += kZshArguments;
  for (const CommandWords& command : words.commands) append_zsh_command(out, command);
  return out + kZshTail;
}

}  // namespace sim
