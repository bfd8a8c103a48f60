// `herdsim compare`: compares the figures of runs and sweeps, and fails if one is worse.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/terminal.h"
#include "sim/app/cli/text_sink.h"
#include "sim/app/compare/comparison.h"
#include "sim/app/compare/formats.h"

namespace sim {
namespace {

enum class CompareFormat { kText, kMarkdown, kJson, kCsv, kHtml };

struct CompareCommand {
  std::vector<std::string> sides, fail_on;
  std::string metrics;  // empty: all
  CompareFormat format = CompareFormat::kText;
  std::string out;  // empty: standard output
};

int fail(const CompareError& error) {
  std::fprintf(stderr, "herdsim compare: %s\n", error.what.c_str());
  return error.kind == CompareError::Kind::kUnreadable ? kNotCarriedOut : kBadUsage;
}

herd::Result<CompareOptions, CompareError> read_options(const CompareCommand& command) {
  CompareOptions options;
  options.metrics = all_metrics();
  if (!command.metrics.empty()) {
    auto metrics = read_metrics(command.metrics);
    if (!metrics) return metrics.error();
    options.metrics = std::move(*metrics);
  }
  for (const std::string& text : command.fail_on) {
    auto gate = read_gate(text);
    if (!gate) return gate.error();
    for (const Gate& each : options.gates) {
      if (each.metric != gate->metric) continue;
      return CompareError{CompareError::Kind::kUsage,
                          "--fail-on: " + each.text + " and " + text + " are of one metric"};
    }
    options.gates.push_back(std::move(*gate));
  }
  return options;
}

herd::Result<Comparison, CompareError> compare(const CompareCommand& command) {
  const auto options = read_options(command);
  if (!options) return options.error();
  const auto names = name_sides(command.sides);
  if (!names) return names.error();
  std::vector<ComparedSide> sides;
  for (const SideName& name : *names) {
    auto side = read_side(name);
    if (!side) return side.error();
    sides.push_back(std::move(*side));
  }
  return compare_sides(std::move(sides), *options);
}

std::string formatted(const Comparison& comparison, CompareFormat format, const Screen& screen) {
  switch (format) {
    case CompareFormat::kText:
      return comparison_text(comparison, screen);
    case CompareFormat::kMarkdown:
      return comparison_markdown(comparison);
    case CompareFormat::kJson:
      return comparison_json(comparison);
    case CompareFormat::kCsv:
      return comparison_csv(comparison);
    case CompareFormat::kHtml:
      return comparison_html(comparison);
  }
  return "";
}

int run_compare(const CompareCommand& command) {
  const auto comparison = compare(command);
  if (!comparison) return fail(comparison.error());
  TextSink sink(command.out);
  const bool to_file = !command.out.empty() && command.out != kStandardOutput;
  std::string text =
      formatted(*comparison, command.format, to_file ? Screen() : screen_of_output());
  sink.write(text);
  if (const std::string error = sink.finish(); !error.empty()) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return kNotCarriedOut;
  }
  const bool failed =
      comparison->count(GateState::kTripped) > 0 || comparison->count(GateState::kMissing) > 0;
  return failed ? kNotHeld : kDone;
}

}  // namespace

Command add_compare_command(CLI::App& program) {
  const auto command = std::make_shared<CompareCommand>();
  CLI::App& parser = *program.add_subcommand(
      "compare", "Compare the figures of runs or sweeps, and fail if one is worse");
  parser
      .add_option("DIR", command->sides,
                  "Results folders of runs or sweeps, each as [LABEL=]DIR[:HERD]; the others are "
                  "compared with the first one")
      ->required();
  parser
      .add_option("--fail-on", command->fail_on,
                  "End with status 1 if this column of summary.csv is worse by more than this, as "
                  "reply_p99_us:+5% or violations:+0, and the difference is decided. May be given "
                  "several times")
      ->type_name("METRIC:+N[%]")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  parser
      .add_option("--metrics", command->metrics,
                  "Compare only these columns of summary.csv, with commas between them")
      ->type_name("LIST")
      ->check(name_of("metric"));
  add_choice_option<CompareFormat>(parser, "--format", command->format,
                                   {{"text", CompareFormat::kText},
                                    {"markdown", CompareFormat::kMarkdown},
                                    {"json", CompareFormat::kJson},
                                    {"csv", CompareFormat::kCsv},
                                    {"html", CompareFormat::kHtml}},
                                   "Format of the output (default: text)");
  add_out_file_option(parser, command->out, "Write to FILE (default, and -: standard output)");
  parser.footer("Example: herdsim compare results/base results/new --fail-on reply_p99_us:+5%");
  return {&parser, [command] { return run_compare(*command); }};
}

}  // namespace sim
