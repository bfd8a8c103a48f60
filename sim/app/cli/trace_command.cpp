// `herdsim trace`: writes where the clients of a scenario are over time.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "core/time.h"
#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/app/cli/text_sink.h"
#include "sim/script/mobility/group_tracks.h"
#include "sim/script/mobility/sample_track.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/gpx_trace.h"

namespace sim {
namespace {

enum class TraceFormat { kCsv, kGpx };

struct TraceOptions {
  std::string file;
  TraceFormat format = TraceFormat::kCsv;
  herd::Duration every = std::chrono::seconds(1);
  std::string out;  // empty: standard output
  LoadOptions load;
};

std::string check_every(const std::string& value) {
  const auto every = parse_duration(value);
  if (every && every->count() > 0 && *every <= kMaxDuration) return "";
  return "'" + value + "' is not a duration above 0s and at most 8760h (for example 500ms)";
}

// Returns why the positions are too many; empty if they are not.
std::string check_positions(const Scenario& scenario, const TraceOptions& options) {
  constexpr double kMost = 10'000'000;  // of a client, which are all in memory
  const double positions = std::chrono::duration<double>(scenario.duration) /
                           std::chrono::duration<double>(options.every);
  if (positions <= kMost) return "";
  return fmt::format("makes {:.3g} positions of each client (at most {:.0f}: a longer time)",
                     positions, kMost);
}

void write_clients(const Scenario& scenario, const TraceOptions& options, TextSink& sink) {
  const bool gpx = options.format == TraceFormat::kGpx;
  std::string text;
  gpx ? append_gpx_trace_header(text, scenario.name) : append_csv_trace_header(text);
  bool good = sink.write(text);
  for (const ClientGroup& group : scenario.clients) {
    GroupTracks tracks(group, scenario.seed, scenario.duration);
    for (std::uint32_t n = 0; n < group.count && good; ++n) {
      const TraceClient client{group.member_id(n),
                               sample_track(*tracks.of(n), options.every, scenario.duration)};
      gpx ? append_gpx_trace(text, client) : append_csv_trace(text, client);
      good = sink.write(text);
    }
  }
  if (gpx) append_gpx_trace_footer(text);
  sink.write(text);
}

int trace(const TraceOptions& options) {
  const auto scenarios = load_scenarios({options.file}, options.load);
  if (!scenarios) return kBadUsage;
  if (const std::string why = check_positions(scenarios->front(), options); !why.empty()) {
    std::fprintf(stderr, "herdsim trace: --every: %s\n", why.c_str());
    return kBadUsage;
  }
  TextSink sink(options.out);
  write_clients(scenarios->front(), options, sink);
  const std::string error = sink.finish();
  if (error.empty()) return kDone;
  std::fprintf(stderr, "%s\n", error.c_str());
  return kNotCarriedOut;
}

}  // namespace

Command add_trace_command(CLI::App& program) {
  const auto options = std::make_shared<TraceOptions>();
  CLI::App& parser = *program.add_subcommand(
      "trace", "Write where a scenario's clients are over time, as CSV or GPX");
  parser.add_option("FILE", options->file, "Scenario file; -: standard input")->required();
  add_choice_option<TraceFormat>(parser, "--format", options->format,
                                 {{"csv", TraceFormat::kCsv}, {"gpx", TraceFormat::kGpx}},
                                 "Format of the output: CSV, or GPX 1.1 for maps (default: csv)");
  parser
      .add_option_function<std::string>(
          "--every",
          [options = options.get()](const std::string& value) {
            options->every = *parse_duration(value);
          },
          "Longest time between two positions of a client; every turn is written too (default: "
          "1s)")
      ->type_name("DURATION")
      ->check(check_every);
  add_out_file_option(parser, options->out, "Write to FILE (default, and -: standard output)");
  add_seed_option(parser, options->load);
  add_set_option(parser, options->load);
  parser.footer("Example: herdsim trace scenarios/paper.json --format gpx --out paper.gpx");
  return {&parser, [options] { return trace(*options); }};
}

}  // namespace sim
