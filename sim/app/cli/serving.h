// A scenario's herds that can be served, hosted on real ports without a script.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/observer.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/live/connection_budget.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/live/places_host.h"
#include "sim/worlds/live/server_logs.h"

namespace sim {

// Whether this process hosts the server. An empty set means all servers.
bool is_hosted(const std::unordered_set<std::string>& hosted, const std::string& server);

// The calling thread runs the first loop; herds on several loops start a thread for each.
class Serving {
 public:
  struct Limits {
    std::uint64_t max_connections = 0;  // from outside, at a time
    std::uint64_t idle_ns = 0;          // of clients; 0: never
  };
  explicit Serving(const Limits& limits) : limits_(limits) {}

  // Opens every hosted server's port, starts the links, and prints a line HERD SERVER ADDRESS per
  // server to standard output. Returns an error if a port, the Places provider or enough
  // descriptors cannot be had; then nothing has been printed. The scenario must outlive this.
  std::optional<Error> start(const Scenario& scenario, const ServerLogs& logs,
                             const std::string& secret,
                             const std::unordered_set<std::string>& hosted);

  // Serves until SIGINT, SIGTERM or SIGHUP.
  void run() { loop_.run(); }

 private:
  std::optional<Error> listen(const Scenario& scenario, std::uint32_t herd, const ServerLogs& logs,
                              const std::string& secret,
                              const std::unordered_set<std::string>& hosted);
  template <class NativeHerd>
  std::optional<Error> add(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs);
  void print_addresses(const HostedHerd& herd, const std::unordered_set<std::string>& hosted) const;

  // Lets in as many connections as there are descriptors for, after those of the links. Returns an
  // error if there are too few.
  std::optional<Error> set_budget();

  Limits limits_;
  std::shared_ptr<ConnectionBudget> budget_ = std::make_shared<ConnectionBudget>();
  std::uint64_t reserved_ = 0;  // descriptors that the hosted servers need beside their ports
  RunClock clock_{WallClock::kSystem};
  std::unique_ptr<PlacesHost> places_;
  IoLoop loop_;
  // Listens before any address is printed, because a script that reads one may send a signal at
  // once. Until then a signal ends the process.
  std::optional<StopSignals> signals_;
  herd::Observer observer_;  // shared by all loops' threads; counts nothing
  std::vector<std::unique_ptr<HostedHerd>> herds_;
};

}  // namespace sim
