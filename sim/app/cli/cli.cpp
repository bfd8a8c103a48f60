#include "sim/app/cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/help_formatter.h"
#include "sim/app/cli/keep_command.h"
#include "sim/app/cli/standard_output.h"
#include "sim/app/cli/usage_error.h"
#include "sim/base/build_info.h"

namespace sim {
namespace {

void describe_program(CLI::App& program) {
  program.name("herdsim");
  program.description(
      "Runs herds of application servers on real TCP ports, plays a scenario of mobile clients, "
      "failing links and bursts of updates against them, and measures how fast an update reaches "
      "every server and how many messages that takes.");
  program.formatter(std::make_shared<HelpFormatter>());
  program.require_subcommand(1);
  program.set_version_flag("-V,--version", version_text(),
                           "Print the version, the commit and the compiler, and exit");
}

// Returns "0 done, and every expectation holds; 1 …".
std::string status_words() {
  std::string out;
  for (const StatusMeaning& each : kStatusMeanings) {
    if (!out.empty()) out += "; ";
    out.append(std::to_string(each.status)).append(" ").append(each.meaning);
  }
  return out;
}

#define HERDSIM_QUOTE_NAME(name) #name,
constexpr std::string_view kNames[] = {HERDSIM_COMMANDS(HERDSIM_QUOTE_NAME)};
#undef HERDSIM_QUOTE_NAME

// Returns whether a command needs no parser but its own. Some tell what the others' parsers know.
bool is_self_contained(std::string_view name) {
  constexpr std::string_view kTellOfOthers[] = {"help", "man", "completion"};
  const auto has = [&](const auto& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  return has(kNames) && !has(kTellOfOthers);
}

// Returns the commands of the list, with their options added to the program's parser. Leaves out
// all but `chosen` if no other is needed, which spares most of the time and memory of the start.
std::vector<Command> add_commands(CLI::App& program, std::string_view chosen) {
  const bool only_chosen = is_self_contained(chosen);
  std::vector<Command> commands;
#define HERDSIM_ADD_COMMAND(name) \
  if (!only_chosen || chosen == #name) commands.push_back(add_##name##_command(program));
  HERDSIM_COMMANDS(HERDSIM_ADD_COMMAND)
#undef HERDSIM_ADD_COMMAND
  for (const Command& command : commands) command.parser->group("Commands");
  // Only now: a command that is added inherits the footer.
  program.footer(wrap_for_help("Exit status: " + status_words() + '.') +
                 "\n\nTo begin:               herdsim run scenarios/paper.json\n"
                 "Help on a command:      herdsim help COMMAND");
  return commands;
}

// Returns the command for which `is` holds; null if there is none.
template <class Predicate>
const Command* find_command(const std::vector<Command>& commands, const Predicate& is) {
  const auto at = std::find_if(commands.begin(), commands.end(), is);
  return at == commands.end() ? nullptr : &*at;
}

int bad_usage(const std::string& error) {
  std::fputs(error.c_str(), stderr);
  return kBadUsage;
}

// Returns the status of a command that has ended, unless what it printed was lost.
int printed(int status) {
  const bool is_done = status == kDone || status == kNotHeld;
  return !is_done || flush_standard_output() ? status : kNotCarriedOut;
}

}  // namespace

int run_cli(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "keep") return keep_command(argc - 2, argv + 2);
  if (argc > 1 && std::string_view(argv[1]) == "guard") return guard_command(argc - 2, argv + 2);
  CLI::App program;
  describe_program(program);
  const std::vector<Command> commands = add_commands(program, argc > 1 ? argv[1] : "");
  if (argc < 2) return bad_usage(program.help());
  const std::string_view first = argv[1];
  const auto is_first = [&](const Command& each) { return each.parser->get_name() == first; };
  if (!first.starts_with('-') && find_command(commands, is_first) == nullptr) {
    return bad_usage(unknown_command(program, argv[1]));
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return printed(program.exit(help_or_version));
  } catch (const CLI::ParseError& error) {
    return bad_usage(usage_error(program, error));
  }
  const auto is_chosen = [](const Command& each) { return each.parser->parsed(); };
  return printed(find_command(commands, is_chosen)->run());
}

}  // namespace sim
