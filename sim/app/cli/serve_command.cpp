// `herdsim serve`: hosts a scenario's native herds on their ports until a signal ends it; and those
// that a run expects to be served elsewhere, because here is where.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/app/cli/option_checks.h"
#include "sim/app/cli/serving.h"
#include "sim/app/cli/standard_output.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/base/process/start_pages.h"
#include "sim/run/descriptor_need.h"
#include "sim/script/read/suggest.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/herd_secret.h"

namespace sim {
namespace {

struct ServeOptions {
  std::string file;
  std::vector<std::string> servers;  // empty: all
  std::string secret_file;           // empty: a random secret, known to this process alone
  std::uint64_t max_connections = 10'000;
  std::uint64_t idle_timeout_s = 600;  // 0: never
  LoadOptions load;
  std::optional<spdlog::level::level_enum> log_level;  // nullopt: info

  std::unordered_set<std::string> hosted() const { return {servers.begin(), servers.end()}; }
};

// These return why the options do not fit the scenario; empty if they do.

std::string check_engines(const Scenario& scenario) {
  for (const HerdSpec& herd : scenario.herds) {
    if (herd.central) {
      return fmt::format("herd {}: only native herds can be served, and this one is central",
                         herd.name);
    }
  }
  const bool any = std::any_of(scenario.herds.begin(), scenario.herds.end(),
                               [](const HerdSpec& herd) { return herd.can_be_served(); });
  return any ? "" : "has no native herd, and only native herds can be served";
}

std::string check_server(const Scenario& scenario, const std::string& name) {
  std::vector<std::string> known;
  for (const HerdSpec& herd : scenario.herds) {
    for (const ServerSpec& server : herd.servers) {
      if (server.name == name) return "";
      known.push_back(server.name);
    }
  }
  const auto meant = suggest(name, known);
  return fmt::format("--server: the scenario has no server '{}'{}", name,
                     meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
}

// A server of another process must have a fixed port, or the servers here cannot dial it.
std::string check_ports(const Scenario& scenario, const std::unordered_set<std::string>& hosted) {
  for (const HerdSpec& herd : scenario.herds) {
    for (const LinkSpec& link : herd.links) {
      const ServerSpec& dials = herd.servers[link.first];
      const ServerSpec& listens = herd.servers[link.second];
      if (!is_hosted(hosted, dials.name) || is_hosted(hosted, listens.name) || listens.port != 0) {
        continue;
      }
      return fmt::format(
          "herd {0}: {1} dials {2}, which another process hosts (give {2} a fixed 'port' in the "
          "scenario)",
          herd.name, dials.name, listens.name);
    }
  }
  return "";
}

std::string check(const Scenario& scenario, const ServeOptions& options) {
  if (std::string why = check_engines(scenario); !why.empty()) return why;
  for (const std::string& name : options.servers) {
    if (std::string why = check_server(scenario, name); !why.empty()) return why;
  }
  if (!options.servers.empty() && options.secret_file.empty()) {
    return "--server: needs --secret-file, because servers in several processes know each other "
           "by the herd's secret";
  }
  if (options.file == "-" && options.secret_file == "-") {
    return "--secret-file: standard input is the scenario already (one of both as a file)";
  }
  return check_ports(scenario, options.hosted());
}

// Says which parts of the scenario are not played.
void tell_unplayed(const Scenario& scenario, const std::string& file) {
  std::string parts;
  if (!scenario.clients.empty()) parts = "clients";
  if (!scenario.events.empty()) parts += parts.empty() ? "events" : " or events";
  if (parts.empty()) return;
  std::fprintf(stderr,
               "%s: serve plays no %s of the scenario; it only hosts the servers (herdsim run "
               "plays them)\n",
               file.c_str(), parts.c_str());
}

// Returns the number of descriptors without which not all servers and links come up. As many
// clients may connect as there are descriptors left.
std::uint64_t descriptors_needed(const Scenario& scenario,
                                 const std::unordered_set<std::string>& hosted) {
  std::uint64_t needed = kDescriptorsOfServing;
  for (const HerdSpec& herd : scenario.herds) {
    needed += descriptors_to_serve(
        herd, [&](const std::string& server) { return is_hosted(hosted, server); });
  }
  return needed;
}

int serve(const ServeOptions& options) {
  let_signals_end_at_once();
  const auto scenarios = load_scenarios({options.file}, options.load);
  if (!scenarios) return kBadUsage;
  const Scenario& scenario = scenarios->front();
  if (const std::string why = check(scenario, options); !why.empty()) {
    std::fprintf(stderr, "%s: %s\n", options.file.c_str(), why.c_str());
    return kBadUsage;
  }
  std::string secret = random_hex();
  if (!options.secret_file.empty()) {
    const auto read = read_secret(options.secret_file);
    if (!read) {
      std::fprintf(stderr, "%s\n", read.error().message.c_str());
      return kNotCarriedOut;
    }
    secret = *read;
  }
  if (const auto error = raise_descriptor_limit(descriptors_needed(scenario, options.hosted()))) {
    std::fprintf(stderr, "%s: not carried out: %s\n", scenario.name.c_str(),
                 error->message.c_str());
    return kNotCarriedOut;
  }
  Serving serving({options.max_connections, options.idle_timeout_s * 1'000'000'000});
  const ServerLogs logs = ServerLogs::to_stderr(options.log_level.value_or(spdlog::level::info));
  if (const auto error = serving.start(scenario, logs, secret, options.hosted())) {
    std::fprintf(stderr, "%s: not carried out: %s\n", scenario.name.c_str(),
                 error->message.c_str());
    return kNotCarriedOut;
  }
  if (!flush_standard_output()) return kNotCarriedOut;  // nobody would know the addresses
  tell_unplayed(scenario, options.file);
  // Without this, 12 of the 16 MiB of an idle server are code that it may never use again.
  release_start_pages();
  serving.run();
  return kDone;
}

}  // namespace

Command add_serve_command(CLI::App& program) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App& parser = *program.add_subcommand(
      "serve", "Host a scenario's herds on their ports until interrupted, without its script");
  parser.add_option("FILE", options->file, "Scenario file; -: standard input")->required();
  parser
      .add_option("--server", options->servers,
                  "Host only this server (repeatable); other processes host the rest of the herd")
      ->type_name("NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  parser
      .add_option("--secret-file", options->secret_file,
                  "File, private to its owner, with the secret by which the servers of a herd know "
                  "each other; -: standard input")
      ->type_name("FILE");
  parser
      .add_option("--max-connections", options->max_connections,
                  "Most connections from outside at a time (default: 10000, or fewer if there are "
                  "fewer descriptors)")
      ->type_name("N")
      ->check(whole_number(1, 1'000'000));
  parser
      .add_option("--idle-timeout", options->idle_timeout_s,
                  "Close a client's connection after this time without a line (default: 600; 0: "
                  "never)")
      ->type_name("SECONDS")
      ->check(whole_number(0, 31'536'000));
  add_set_option(parser, options->load);
  add_log_option(parser, options->log_level);
  parser.footer("Example: herdsim serve scenarios/paper.json --log warn");
  return {&parser, [options] { return serve(*options); }};
}

}  // namespace sim
