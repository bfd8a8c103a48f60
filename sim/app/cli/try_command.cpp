// `herdsim try`: holds somebody's herd to the protocol and plays the shipped worlds on it.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/app/attempt/attempt.h"
#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/stop_signals.h"

namespace sim {
namespace {

enum class TryFormat { kText, kJson };

struct TryOptions {
  AttemptOptions attempt;
  TryFormat format = TryFormat::kText;
};

int try_fails(const AttemptError& error) {
  std::fprintf(stderr, "herdsim try: %s\n", error.what.c_str());
  switch (error.kind) {
    case AttemptError::Kind::kUsage:
      return kBadUsage;
    case AttemptError::Kind::kInterrupted:
      return kInterrupted;
    case AttemptError::Kind::kNotCarriedOut:
      break;
  }
  return kNotCarriedOut;
}

void show_part(std::string_view part) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "playing: %.*s\n", static_cast<int>(part.size()), part.data());
}

// Returns what is wrong with the command, or an empty string.
std::string problem_of(const std::vector<std::string>& words) {
  if (words.empty())
    return "needs the command of a herd, as python3 herd.py {server} {port} {neighbors}";
  if (words.front().starts_with('-')) return "there is no option '" + words.front() + "'";
  return "";
}

int run_try(TryOptions& options, std::vector<std::string> words) {
  if (const std::string problem = problem_of(words); !problem.empty()) {
    std::fprintf(stderr, "herdsim try: %s\nSee 'herdsim try --help'.\n", problem.c_str());
    return kBadUsage;
  }
  options.attempt.command.words = std::move(words);
  options.attempt.on_part = show_part;
  // No process of the herd outlives this one.
  let_signals_end_at_once();
  const auto attempt = try_herd(options.attempt);
  if (!attempt) return try_fails(attempt.error());
  const std::string text = options.format == TryFormat::kJson
                               ? findings_json(attempt->findings, attempt->engine.get())
                               : findings_text(attempt->findings, attempt->engine.get());
  std::fputs(text.c_str(), stdout);
  return attempt->findings.failures().empty() ? kDone : kNotHeld;
}

void add_herd_options(CLI::App& parser, TriedCommand& command) {
  parser
      .add_option_function<std::vector<std::string>>(
          "--env",
          [&command](const std::vector<std::string>& given) {
            for (const std::string& each : given) {
              const std::size_t at = each.find('=');
              command.env.emplace_back(each.substr(0, at), each.substr(at + 1));
            }
          },
          "Add a variable to the environment of the programs. May be given several times")
      ->type_name("NAME=VALUE")
      ->check([](const std::string& value) {
        const std::size_t at = value.find('=');
        return at == std::string::npos || at == 0 ? "'" + value + "' is not NAME=VALUE" : "";
      })
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  parser.add_option("--cwd", command.cwd, "Folder in which the programs run (default: this one)")
      ->type_name("DIR");
  parser
      .add_option("--ports", command.ports,
                  "Ports that the program has in its source, in the order of the servers Alford, "
                  "Ball, Hamilton, Holiday, Welsh, with commas between them (default: free ones)")
      ->type_name("LIST")
      ->delimiter(',')
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
}

}  // namespace

Command add_try_command(CLI::App& program) {
  const auto options = std::make_shared<TryOptions>();
  CLI::App& parser = *program.add_subcommand(
      "try", "Hold a herd of your own to the protocol, and say in words what is wrong");
  add_herd_options(parser, options->attempt.command);
  parser
      .add_option("--only", options->attempt.only,
                  "Play only these parts, with commas between them: lines, flood, link-drop, "
                  "partition, restart, load")
      ->type_name("LIST")
      ->delimiter(',')
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->check(one_of({kAttemptParts.begin(), kAttemptParts.end()}));
  add_choice_option<TryFormat>(parser, "--format", options->format,
                               {{"text", TryFormat::kText}, {"json", TryFormat::kJson}},
                               "Format of the output (default: text)");
  parser.prefix_command();
  parser.footer(
      "COMMAND is all from the first word on that is no option. It starts one server\n"
      "of a herd of five, the paper's ring. {server}, {port}, {neighbors}, {dial},\n"
      "{expect}, {places_url} and the other words of a scenario's \"engine\" stand for\n"
      "what is known only then.\n\n"
      "Exit status: 0 nothing is wrong; 1 the herd breaks a rule; 2 wrong usage; 3 the\n"
      "herd could not be started.\n\n"
      "Example: herdsim try python3 herd.py {server} {port} {neighbors}");
  return {&parser, [options, &parser] { return run_try(*options, parser.remaining()); }};
}

}  // namespace sim
