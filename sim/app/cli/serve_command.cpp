#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_set>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/load_files.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/base/io/address.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/link_mac.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/multi_loop_herd.h"
#include "sim/worlds/live/places_host.h"

namespace sim {
namespace {

bool hosts(const std::unordered_set<std::string>& hosted, const std::string& server) {
  return hosted.empty() || hosted.contains(server);
}

// What is wrong with hosting just these servers; empty where nothing is.
std::string refuse(const Scenario& scenario, const ServeCommand& command,
                   const std::unordered_set<std::string>& hosted) {
  for (const HerdSpec& herd : scenario.herds) {
    if (!herd.central) continue;
    return "herd " + herd.name + ": only native herds can be served, and this one is central";
  }
  for (const std::string& name : command.servers) {
    bool known = false;
    for (const HerdSpec& herd : scenario.herds) known |= herd.find_server(name).has_value();
    if (!known) return "--server " + name + ": no herd of the scenario has a server of that name";
  }
  if (command.servers.empty()) return "";
  if (command.secret_file.empty()) {
    return "--server needs --secret-file: the processes of a herd prove its secret to each other";
  }
  for (const HerdSpec& herd : scenario.herds) {
    for (const LinkSpec& link : herd.links) {
      const ServerSpec& dials = herd.servers[link.first];
      const ServerSpec& listens = herd.servers[link.second];
      if (!hosts(hosted, dials.name) || hosts(hosted, listens.name) || listens.port != 0) continue;
      return "herd " + herd.name + ": server " + listens.name + " is hosted elsewhere and " +
             dials.name + " dials it: it needs a fixed port in the scenario";
    }
  }
  return "";
}

class Serving {
 public:
  std::optional<Error> start(const Scenario& scenario, const ServerLogs& logs,
                             const std::string& secret,
                             const std::unordered_set<std::string>& hosted) {
    auto places = PlacesHost::start(scenario);
    if (!places) return places.error();
    places_ = std::move(*places);
    for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
      const HerdSpec& spec = scenario.herds[h];
      if (spec.external) continue;  // whose programs are not ours to serve
      auto config = asker_config(spec.places, places_->url(h));
      if (!config) return Error{"herd " + spec.name + ": " + config.error().message};
      LiveHerd::Setup setup;
      setup.places = std::move(*config);
      setup.spec = &spec;
      setup.seed = scenario.seed;
      setup.secret = secret;
      setup.hosted = hosted;
      setup.on_link_proven = [] {};
      auto error =
          spec.loops == 1
              ? add(std::make_unique<LiveHerd>(loop_, clock_, observer_, std::move(setup)), logs)
              : add(std::make_unique<MultiLoopHerd>(
                        loop_, clock_, std::vector<herd::Observer*>(spec.loops, &observer_),
                        std::move(setup)),
                    logs);
      if (error) return error;
    }
    for (const auto& herd : herds_) {
      herd->start();
      for (std::uint32_t s = 0; s < herd->spec().servers.size(); ++s) {
        const ServerSpec& server = herd->spec().servers[s];
        if (!hosts(hosted, server.name)) continue;
        std::printf("%s %s %s\n", herd->spec().name.c_str(), server.name.c_str(),
                    to_string(herd->address(s)).c_str());
      }
    }
    std::fflush(stdout);
    return std::nullopt;
  }

  // Until it is told to stop.
  void run() { loop_.run(); }

 private:
  template <class NativeHerd>
  std::optional<Error> add(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs) {
    if (auto error = herd->listen(logs)) return error;
    herds_.push_back(std::move(herd));
    return std::nullopt;
  }

  RunClock clock_;
  std::unique_ptr<PlacesHost> places_;
  IoLoop loop_;
  StopSignals signals_{loop_, [this] { loop_.stop(); }};  // before anybody knows that we run
  herd::Observer observer_;                               // of every thread; counts nothing
  std::vector<std::unique_ptr<HostedHerd>> herds_;
};

}  // namespace

int serve_command(const ServeCommand& command) {
  const auto scenarios = load_scenarios({command.file}, command.load);
  if (!scenarios) return kBadUsage;
  const Scenario& scenario = scenarios->front();
  const std::unordered_set<std::string> hosted(command.servers.begin(), command.servers.end());
  if (const std::string why = refuse(scenario, command, hosted); !why.empty()) {
    std::fprintf(stderr, "%s: %s\n", command.file.c_str(), why.c_str());
    return kBadUsage;
  }
  std::string secret = make_secret();
  if (!command.secret_file.empty()) {
    const auto read = read_secret(command.secret_file);
    if (!read) {
      std::fprintf(stderr, "%s\n", read.error().message.c_str());
      return kNotCarriedOut;
    }
    secret = *read;
  }
  const bool any_native = std::any_of(scenario.herds.begin(), scenario.herds.end(),
                                      [](const HerdSpec& herd) { return !herd.external; });
  if (!any_native) {
    std::fprintf(stderr, "%s: has no herd of our own servers to host\n", command.file.c_str());
    return kBadUsage;
  }
  raise_descriptor_limit();  // who is going to call is not known
  Serving serving;
  const ServerLogs logs = ServerLogs::to_stderr(command.log_level);
  if (const auto error = serving.start(scenario, logs, secret, hosted)) {
    std::fprintf(stderr, "%s: not carried out: %s\n", scenario.name.c_str(),
                 error->message.c_str());
    return kNotCarriedOut;
  }
  serving.run();
  return kDone;
}

}  // namespace sim
