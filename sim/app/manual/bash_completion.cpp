#include <fmt/format.h>

#include "sim/app/manual/completions.h"

namespace sim {
namespace {

constexpr const char* kBashHead =
    R"sh(# bash completion for herdsim, written by `herdsim completion bash`.
_herdsim() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local command=${COMP_WORDS[1]} offer=nothing
  # bash takes the "=" of --option=value for a word of its own.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
)sh";

constexpr const char* kBashTail = R"sh(  case $offer in
    nothing) ;;
    files)
      compopt -o filenames 2>/dev/null || :
      mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    folders)
      compopt -o filenames 2>/dev/null || :
      mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$word") ;;
  esac
}
complete -F _herdsim herdsim
)sh";

// Returns what the script offers for a value: a list of words, or the name of a kind.
std::string offer_for(const ArgumentWords& argument) {
  switch (argument.completes) {
    case Completes::kNothing:
      return "nothing";
    case Completes::kFiles:
      return "files";
    case Completes::kFolders:
      return "folders";
    case Completes::kChoices:
      return spaced(argument.choices);
  }
  return "nothing";
}

std::string option_names(const std::vector<ArgumentWords>& options) {
  std::vector<std::string> names;
  for (const ArgumentWords& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return spaced(names);
}

void append_bash_values(std::string& out, const CommandWords& command) {
  for (const ArgumentWords& option : command.options) {
    if (option.value.empty()) continue;
    for (const std::string& name : option.names) {
      out += fmt::format("    {}) offer={} ;;\n", shell_quoted(command.name + ' ' + name),
                         shell_quoted(offer_for(option)));
    }
  }
}

void append_bash_words(std::string& out, const CommandWords& command) {
  const std::string offer =
      command.arguments.empty() ? "nothing" : offer_for(command.arguments.front());
  out +=
      fmt::format("    '{} -'*) offer={} ;;\n    '{} '*) offer={} ;;\n", command.name,
                  shell_quoted(option_names(command.options)), command.name, shell_quoted(offer));
}

}  // namespace

std::string bash_completion(const ProgramWords& words) {
  std::vector<std::string> first;
  for (const CommandWords& command : words.commands) first.push_back(command.name);
  first.push_back(option_names(words.program.options));
  std::string out = kBashHead;
  out += fmt::format("    offer={}\n  else\n    case \"$command $before\" in\n",
                     shell_quoted(spaced(first)));
  for (const CommandWords& command : words.commands) append_bash_values(out, command);
  out += "    *) case \"$command $word\" in\n";
  for (const CommandWords& command : words.commands) append_bash_words(out, command);
  out += "    esac ;;\n    esac\n  fi\n";
  return out + kBashTail;
}

}  // namespace sim
