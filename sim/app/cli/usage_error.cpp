#include "sim/app/cli/usage_error.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "sim/app/cli/command_names.h"
#include "sim/script/read/suggest.h"

namespace sim {
namespace {

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// Returns the first argument that neither an option nor the command itself takes; nullopt if there
// is none.
std::optional<std::string> find_extra(const CLI::App& command) {
  for (const std::string& argument : command.remaining()) {
    if (argument != "--") return argument;
  }
  return std::nullopt;
}

std::string describe_extra(const CLI::App& command, const std::string& extra) {
  if (!extra.starts_with('-')) return fmt::format("'{}' is one argument too many", extra);
  const auto meant = suggest(extra.substr(0, extra.find('=')), option_names(command));
  return fmt::format("there is no option '{}'{}", extra,
                     meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
}

// Returns the message for an option that is given with no value or with too many; nullopt if the
// error is not about an option.
std::optional<std::string> wrong_count(const CLI::App& command, const std::string& error) {
  const std::string name = error.substr(0, error.find(':'));
  const CLI::Option* const option = command.get_option_no_throw(name);
  if (option == nullptr || option->get_positional()) return std::nullopt;
  if (option->count() > 1) return fmt::format("{}: is given more than once", name);
  if (option->get_type_size() == 0) return fmt::format("{}: takes no value", name);
  return fmt::format("{}: needs a value, {}", name, option->get_type_name());
}

std::string describe(const CLI::App& command, const CLI::ParseError& error) {
  if (const auto extra = find_extra(command)) return describe_extra(command, *extra);
  if (error.get_name() == "ArgumentMismatch") {
    if (auto wrong = wrong_count(command, error.what())) return *wrong;
  }
  return error.what();
}

}  // namespace

std::string unknown_command(const CLI::App& program, const std::string& name) {
  const auto meant = suggest(name, command_names(program));
  return fmt::format(
      "herdsim: there is no command '{}'{}\n"
      "See 'herdsim --help'.\n",
      name, meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
}

std::string usage_error(const CLI::App& program, const CLI::ParseError& error) {
  const std::vector<CLI::App*> chosen = program.get_subcommands();
  // An argument before the command's name is an error of the program's own.
  const bool of_program = chosen.empty() || find_extra(program).has_value();
  const CLI::App& command = of_program ? program : *chosen.front();
  const std::string call =
      of_program ? program.get_name() : program.get_name() + ' ' + command.get_name();
  return fmt::format("{}: {}\nSee '{} --help'.\n", call, describe(command, error), call);
}

}  // namespace sim
