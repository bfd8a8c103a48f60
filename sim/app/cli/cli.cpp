#include "sim/app/cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/keep_command.h"
#include "sim/app/sweep/limits.h"
#include "sim/script/read/suggest.h"
#include "sim/script/read/units.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

const std::map<std::string, spdlog::level::level_enum> kLevels = {
    {"debug", spdlog::level::debug}, {"info", spdlog::level::info}, {"warn", spdlog::level::warn},
    {"error", spdlog::level::err},   {"off", spdlog::level::off},
};

const std::map<std::string, TraceFormat> kTraceFormats = {
    {"csv", TraceFormat::kCsv},
    {"gpx", TraceFormat::kGpx},
};

// Options that change a scenario before it is validated.
struct ScenarioOptions {
  std::vector<std::string> sets;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> clock;

  void add_to(CLI::App& command) {
    add_seed_to(command);
    command.add_option("--clock", clock, "Use this clock instead of the scenario's")
        ->type_name("live|virtual");
    add_set_to(command);
  }

  void add_seed_to(CLI::App& command) {
    command.add_option("--seed", seed, "Use this seed instead of the scenario's")->type_name("N");
  }

  void add_set_to(CLI::App& command) {
    command.add_option("--set", sets, "Set a key of the scenario, as herds.0.propagation=flood")
        ->type_name("PATH=VALUE")
        ->expected(1)
        ->take_all()
        ->check([](const std::string& text) {
          const auto equals = text.find('=');
          return equals == std::string::npos || equals == 0
                     ? "'" + text + "' is not PATH=VALUE (as herds.0.propagation=flood)"
                     : std::string();
        });
  }

  LoadOptions make() const {
    LoadOptions out;
    for (const std::string& set : sets) {
      const auto equals = set.find('=');
      out.overrides.push_back({set.substr(0, equals), set.substr(equals + 1)});
    }
    out.seed = seed;
    out.clock = clock;
    return out;
  }
};

void add_log_level(CLI::App& command, spdlog::level::level_enum& level) {
  command.add_option("--log", level, "How much the servers log (default info)")
      ->type_name("debug|info|warn|error|off")
      ->transform(CLI::CheckedTransformer(kLevels, CLI::ignore_case).description(""));
}

}  // namespace

int run_cli(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "keep") return keep_command(argc - 2, argv + 2);
  CLI::App app{
      "Hosts herds of application servers on real TCP ports, plays a scripted world of\n"
      "mobile clients, failing links and bursts against them, and measures how fast an\n"
      "update reaches every server and how many messages were wasted on the way."};
  app.name("herdsim");
  app.require_subcommand(1);
  app.set_version_flag("--version", "herdsim " HERDSIM_VERSION);

  RunCommand run;
  ScenarioOptions run_options;
  auto* run_app = app.add_subcommand("run", "Run scenarios; write their figures to results/NAME/");
  run_app->add_option("FILE", run.files, "Scenario files")->required();
  run_app->add_option("--out", run.out, "Write here instead of results/NAME/")
      ->type_name("DIR")
      ->check([](const std::string& text) {
        return text.empty() ? std::string("is empty: it names a folder") : std::string();
      });
  run_options.add_to(*run_app);
  run_app->add_flag("--dry-run", run.dry_run,
                    "Run nothing; write what would be done, and when, to plan.csv there");
  run_app->add_option("--jobs", run.jobs, "Run so many points of a sweep at once (one a core)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMaxJobs).description(""));
  run_app->add_flag("--resume", run.resume,
                    "Go on with a sweep: run only those points that are not finished");
  run_app->add_flag("--quiet", run.quiet, "Show no progress");
  add_log_level(*run_app, run.log_level);

  CheckCommand check;
  ScenarioOptions check_options;
  auto* check_app = app.add_subcommand("check", "Validate scenarios; run nothing");
  check_app->add_option("FILE", check.files, "Scenario files")->required();
  check_options.add_set_to(*check_app);

  auto* schema_app = app.add_subcommand("schema", "Print the JSON Schema of scenario files");

  ServeCommand serve;
  ScenarioOptions serve_options;
  auto* serve_app =
      app.add_subcommand("serve", "Host a scenario's herds on their ports until interrupted");
  serve_app->add_option("FILE", serve.file, "Scenario file")->required();
  serve_app->add_option("--server", serve.servers, "Host only this server of its herd (repeatable)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  serve_app
      ->add_option("--secret-file", serve.secret_file,
                   "The herd's secret, by which its servers know each other")
      ->type_name("FILE");
  serve_options.add_set_to(*serve_app);
  add_log_level(*serve_app, serve.log_level);

  TraceCommand trace;
  ScenarioOptions trace_options;
  auto* trace_app = app.add_subcommand(
      "trace", "Write where a scenario's clients would be, to be seen on a map or replayed");
  trace_app->add_option("FILE", trace.file, "Scenario file")->required();
  trace_app->add_option("--format", trace.format, "CSV (the default) or GPX 1.1")
      ->type_name("csv|gpx")
      ->transform(CLI::CheckedTransformer(kTraceFormats, CLI::ignore_case).description(""));
  trace_app
      ->add_option_function<std::string>(
          "--every", [&](const std::string& text) { trace.every = *parse_duration(text); },
          "At least so often; each turn of a way comes too (default 1s)")
      ->type_name("DURATION")
      ->check([](const std::string& text) {
        const auto every = parse_duration(text);
        return every && every->count() > 0 && *every <= kMaxDuration
                   ? std::string()
                   : "'" + text + "' is not a duration above zero and at most 8760h (as 500ms)";
      });
  trace_app->add_option("--out", trace.out, "Write this file instead of standard output")
      ->type_name("FILE")
      ->check([](const std::string& text) {
        return text.empty() ? std::string("is empty: it names a file") : std::string();
      });
  trace_options.add_seed_to(*trace_app);
  trace_options.add_set_to(*trace_app);

  SwarmCommand swarm;
  auto* swarm_app = app.add_subcommand(
      "swarm", "Play scenarios drawn at random in virtual time until one breaks a promise");
  swarm_app->add_option("--runs", swarm.runs, "How many scenarios (default 100)")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}).description(""));
  swarm_app
      ->add_option("--seed", swarm.seed,
                   "Of the first one; each that follows has the next seed (default 1)")
      ->type_name("N");
  swarm_app->add_option("--jobs", swarm.jobs, "Play so many at once (default: one a core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  swarm_app
      ->add_option("--out", swarm.out,
                   "Write what fails, made small, to this new file instead of swarm-SEED.json")
      ->type_name("FILE")
      ->check([](const std::string& text) {
        return text.empty() ? std::string("is empty: it names a file") : std::string();
      });
  swarm_app->add_flag("--quiet", swarm.quiet, "Show no progress");

  ClientCommand client;
  auto* client_app = app.add_subcommand("client", "Send lines to a server and print its answers");
  client_app->add_option("HOST:PORT", client.address, "Where the server listens")->required();
  client_app->add_option("LINE", client.lines, "Lines to send")->required();
  client_app->add_option("--timeout", client.timeout_s, "Seconds to wait for each answer (10)")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber.description(""));

  PlacesCommand places;
  auto* places_app =
      app.add_subcommand("places", "Serve the embedded Places provider alone until interrupted");
  places_app->add_option("--port", places.port, "Listen on this port of 127.0.0.1 (any free one)")
      ->type_name("N");
  places_app->add_option("--data", places.data, "A CSV or GeoJSON file (the cities built in)")
      ->type_name("FILE");
  auto* cert =
      places_app->add_option("--tls-cert", places.tls_cert, "Speak HTTPS: certificate (PEM)")
          ->type_name("FILE");
  auto* key = places_app->add_option("--tls-key", places.tls_key, "Speak HTTPS: private key (PEM)")
                  ->type_name("FILE");
  cert->needs(key);
  key->needs(cert);

  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  if (argc > 1 && argv[1][0] != '-' &&
      std::find(commands.begin(), commands.end(), argv[1]) == commands.end()) {
    const auto meant = suggest(argv[1], commands);
    std::fprintf(stderr, "%s: no such command (%s)\n", argv[1],
                 meant ? ("did you mean '" + *meant + "'?").c_str() : "see herdsim --help");
    return kBadUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; whatever else the library says is bad usage to us.
    return app.exit(error) == 0 ? kDone : kBadUsage;
  }
  run.load = run_options.make();
  check.load = check_options.make();
  serve.load = serve_options.make();
  trace.load = trace_options.make();
  run.asks_for_logs = run_app->count("--log") > 0 && run.log_level != spdlog::level::off;
  if (run_app->parsed()) return run_command(run);
  if (check_app->parsed()) return check_command(check);
  if (schema_app->parsed()) return schema_command();
  if (serve_app->parsed()) return serve_command(serve);
  if (trace_app->parsed()) return trace_command(trace);
  if (swarm_app->parsed()) return swarm_command(swarm);
  if (places_app->parsed()) return places_command(places);
  return client_command(client);
}

}  // namespace sim
