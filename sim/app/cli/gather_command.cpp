// `herdsim gather`: joins the shards of a sweep or of a swarm.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/gather_findings.h"
#include "sim/app/cli/gather_sweep.h"
#include "sim/app/cli/shard_option.h"
#include "sim/app/compare/gate.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/run_json.h"

namespace sim {
namespace {

struct GatherCommand {
  std::vector<std::string> shards;
  RunCommand output;  // what a run of the whole would be asked for
};

int refuse(const std::string& why) {
  std::fprintf(stderr, "herdsim gather: %s\n", why.c_str());
  return kBadUsage;
}

// Reads the run.json of each shard. Names those that are not there and leaves them out; returns why
// if one cannot be read.
herd::Result<std::vector<ShardFolder>, std::string> read_shards(
    const std::vector<std::string>& names) {
  std::vector<ShardFolder> shards;
  for (const std::string& name : names) {
    std::error_code unknown;
    if (!std::filesystem::exists(name, unknown)) {
      std::fprintf(stderr, "%s: is not there, so what it would have is missing\n", name.c_str());
      continue;
    }
    ShardFolder shard{name, read_run_file(name)};
    if (!shard.run) return name + ": its run.json is missing or cut off";
    shards.push_back(std::move(shard));
  }
  return shards;
}

int gather(const GatherCommand& command) {
  if (const std::string why = why_not_alone(""); !why.empty()) return refuse(why);
  if (!command.output.columns.empty()) {
    if (const auto columns = read_metrics(command.output.columns); !columns) {
      return refuse("--columns: " + columns.error().what);
    }
  }
  const auto shards = read_shards(command.shards);
  if (!shards) return refuse(shards.error());
  if (shards->empty()) {
    std::fprintf(stderr, "herdsim gather: there is nothing to gather\n");
    return kNotCarriedOut;
  }
  const bool is_swarm = json_object_get(shards->front().run.get(), "swarm") != nullptr;
  if (is_swarm && !command.output.columns.empty()) {
    return refuse("--columns: is for sweeps, and these are shards of a swarm");
  }
  return is_swarm ? gather_findings(*shards, command.output)
                  : gather_sweep(*shards, command.output);
}

}  // namespace

Command add_gather_command(CLI::App& program) {
  const auto command = std::make_shared<GatherCommand>();
  CLI::App& parser = *program.add_subcommand(
      "gather", "Join the shards of a sweep or of a swarm, as if one machine had run them all");
  parser
      .add_option(
          "SHARD", command->shards,
          "Results folders of shards (run --shard, swarm --shard), in any order; also those "
          "of whole sweeps and of what was gathered before")
      ->required();
  add_out_folder_option(parser, command->output.out,
                        "Write the results to DIR instead of results/NAME/");
  add_columns_option(parser, command->output.columns);
  add_report_option(parser, command->output.report);
  add_choice_option<RunFormat>(parser, "--format", command->output.format,
                               {{"text", RunFormat::kText}, {"json", RunFormat::kJson}},
                               "Format of what is printed (default: text)");
  parser.footer("Example: herdsim gather results/sweep-size.shards/*");
  return {&parser, [command] { return gather(*command); }};
}

}  // namespace sim
