#include "sim/app/cli/serving.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "sim/base/io/address.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/multi_loop_herd.h"

namespace sim {

bool is_hosted(const std::unordered_set<std::string>& hosted, const std::string& server) {
  return hosted.empty() || hosted.contains(server);
}

namespace {

constexpr std::uint64_t kComfort = 1000;  // what a message suggests for clients

// Returns the number of descriptors that the links of the hosted servers need: one for each
// endpoint, and one for a newcomer that is about to become one.
std::uint64_t descriptors_of_links(const HerdSpec& herd,
                                   const std::unordered_set<std::string>& hosted) {
  std::uint64_t count = 0;
  for (const LinkSpec& link : herd.links) {
    if (is_hosted(hosted, herd.servers[link.first].name)) ++count;
    if (is_hosted(hosted, herd.servers[link.second].name)) count += 2;
  }
  return count;
}

}  // namespace

std::optional<Error> Serving::start(const Scenario& scenario, const ServerLogs& logs,
                                    const std::string& secret,
                                    const std::unordered_set<std::string>& hosted) {
  auto places = PlacesHost::start(scenario, PlacesHost::ReadBuiltIn::kAtFirstQuestion);
  if (!places) return places.error();
  places_ = std::move(*places);
  for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
    if (!scenario.herds[h].can_be_served()) continue;  // its servers are not ours to host
    if (auto error = listen(scenario, h, logs, secret, hosted)) return error;
  }
  if (auto error = set_budget()) return error;
  for (const auto& herd : herds_) herd->start();
  signals_.emplace(loop_, [this] { loop_.stop(); });
  for (const auto& herd : herds_) print_addresses(*herd, hosted);
  return std::nullopt;
}

std::optional<Error> Serving::listen(const Scenario& scenario, std::uint32_t herd,
                                     const ServerLogs& logs, const std::string& secret,
                                     const std::unordered_set<std::string>& hosted) {
  const HerdSpec& spec = scenario.herds[herd];
  auto config = asker_config(spec.places, places_->url(herd));
  if (!config) return Error{"herd " + spec.name + ": " + config.error().message};
  LiveHerd::Setup setup;
  setup.places = std::move(*config);
  setup.spec = &spec;
  setup.seed = scenario.seed;
  setup.secret = secret;
  setup.hosted = hosted;
  setup.limits.client_idle_ns = limits_.idle_ns;
  setup.limits.budget = budget_;
  reserved_ += descriptors_of_links(spec, hosted);
  setup.on_link_proven = [] {};
  if (spec.loops == 1) {
    return add(std::make_unique<LiveHerd>(loop_, clock_, observer_, std::move(setup)), logs);
  }
  const std::vector<herd::Observer*> observers(spec.loops, &observer_);
  return add(std::make_unique<MultiLoopHerd>(loop_, clock_, observers, std::move(setup)), logs);
}

std::optional<Error> Serving::set_budget() {
  constexpr std::uint64_t kOthers = 8;  // questions to Places, and connections that are refused
  const DescriptorUse use = descriptor_use();
  const std::uint64_t needed = use.open + reserved_ + kOthers;
  if (needed >= use.limit) {
    return Error{fmt::format(
        "it needs more than {} open files, and this process may have {}: raise the limit (ulimit "
        "-n {}), or have fewer servers or links",
        needed, use.limit, needed + kComfort)};
  }
  budget_->set_max(std::min(limits_.max_connections, use.limit - needed));
  return std::nullopt;
}

template <class NativeHerd>
std::optional<Error> Serving::add(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs) {
  if (auto error = herd->listen(logs)) return error;
  herds_.push_back(std::move(herd));
  return std::nullopt;
}

void Serving::print_addresses(const HostedHerd& herd,
                              const std::unordered_set<std::string>& hosted) const {
  for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
    const std::string& server = herd.spec().servers[s].name;
    if (!is_hosted(hosted, server)) continue;
    std::printf("%s %s %s\n", herd.spec().name.c_str(), server.c_str(),
                to_string(herd.address(s)).c_str());
  }
}

}  // namespace sim
