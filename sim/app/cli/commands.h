// The program's commands, each from its parsed options to its exit status.
#pragma once

#include <spdlog/common.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/script/read/load_scenario.h"

namespace sim {

struct RunCommand {
  std::vector<std::string> files;
  std::string out;  // empty: results/NAME
  LoadOptions load;
  bool quiet = false;
  bool dry_run = false;          // plan only
  bool resume = false;           // of sweeps: keep the points that are finished
  std::optional<unsigned> jobs;  // of sweeps: points at once; none: one a core
  spdlog::level::level_enum log_level = spdlog::level::info;
  bool asks_for_logs = false;  // by an option of its own
};
int run_command(const RunCommand& command);

struct CheckCommand {
  std::vector<std::string> files;
  LoadOptions load;
};
int check_command(const CheckCommand& command);

// Prints the JSON Schema of scenario files.
int schema_command();

struct ServeCommand {
  std::string file;
  std::vector<std::string> servers;  // empty: all
  std::string secret_file;           // empty: a secret of the process's own
  LoadOptions load;
  spdlog::level::level_enum log_level = spdlog::level::info;
};
int serve_command(const ServeCommand& command);

enum class TraceFormat { kCsv, kGpx };
struct TraceCommand {
  std::string file;
  TraceFormat format = TraceFormat::kCsv;
  herd::Duration every = std::chrono::seconds(1);
  std::string out;  // empty: standard output
  LoadOptions load;
};
int trace_command(const TraceCommand& command);

struct SwarmCommand {
  std::uint64_t runs = 100;  // >= 1
  std::uint64_t seed = 1;
  unsigned jobs = 0;  // threads; 0: one a core
  std::string out;    // where the scenario of a failure goes; empty: swarm-SEED.json
  bool quiet = false;
};
int swarm_command(const SwarmCommand& command);

struct PlacesCommand {
  std::uint16_t port = 0;  // 0: any free one
  std::string data;        // empty: the built-in places
  std::string tls_cert, tls_key;
};
int places_command(const PlacesCommand& command);

struct ClientCommand {
  std::string address;  // HOST:PORT
  std::vector<std::string> lines;
  double timeout_s = 10;  // for each answer
};
int client_command(const ClientCommand& command);

}  // namespace sim
