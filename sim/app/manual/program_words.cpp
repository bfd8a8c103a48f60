#include "sim/app/manual/program_words.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sim {
namespace {

constexpr std::string_view kExample = "Example: ";
constexpr std::string_view kParagraph = "\n\n";  // what is between two

// Returns the words between bars; empty if there is no bar.
std::vector<std::string> choices_in(const std::string& value) {
  std::vector<std::string> choices;
  if (value.find('|') == std::string::npos) return choices;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find('|', at), value.size());
    choices.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  return choices;
}

Completes completes(const ArgumentWords& words, const std::string& kind) {
  if (!words.choices.empty()) return Completes::kChoices;
  if (kind == "FILE") return Completes::kFiles;
  return kind == "DIR" || kind == "RUN" ? Completes::kFolders : Completes::kNothing;
}

ArgumentWords words_of(const CLI::Option& option) {
  ArgumentWords words;
  words.says = option.get_description();
  const bool takes_many = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  const std::string type = option.get_type_size() == 0 ? "" : option.get_type_name();
  words.choices = choices_in(type);
  if (option.get_positional()) {
    words.names = {option.get_name(true, false)};
    words.value = words.names.front();
    words.repeats = takes_many;
    words.required = option.get_required();
  } else {
    for (const std::string& name : option.get_snames()) words.names.push_back('-' + name);
    for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
    words.value = type;
    words.repeats = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  }
  words.completes = completes(words, words.value);
  return words;
}

// Puts the paragraphs of a footer where they belong.
void take_footer(CommandWords& words, std::string_view footer) {
  while (!footer.empty()) {
    const std::size_t end = std::min(footer.find(kParagraph), footer.size());
    const std::string_view paragraph = footer.substr(0, end);
    if (paragraph.starts_with(kExample)) {
      words.example = paragraph.substr(kExample.size());
    } else {
      words.notes.emplace_back(paragraph);
    }
    footer.remove_prefix(std::min(end + kParagraph.size(), footer.size()));
  }
}

// The argument of a command that takes all further words, as those of another program.
ArgumentWords words_of_prefix() {
  ArgumentWords words;
  words.names = {"COMMAND"};
  words.value = words.names.front();
  words.says = "Another program and its arguments: all words from the first that is no option";
  words.completes = Completes::kFiles;
  words.repeats = true;
  words.required = true;
  return words;
}

CommandWords words_of(const CLI::App& command) {
  CommandWords words;
  words.name = command.get_name();
  words.says = command.get_description();
  take_footer(words, command.get_footer());
  for (const CLI::Option* option : command.get_options()) {
    auto& list = option->get_positional() ? words.arguments : words.options;
    list.push_back(words_of(*option));
  }
  if (command.get_prefix_command()) words.arguments.push_back(words_of_prefix());
  return words;
}

}  // namespace

ProgramWords words_of_program(const CLI::App& program) {
  ProgramWords words;
  words.program = words_of(program);
  for (const CLI::App* command : program.get_subcommands({})) {
    words.commands.push_back(words_of(*command));
  }
  return words;
}

}  // namespace sim
