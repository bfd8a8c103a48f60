#include "sim/worlds/live/places_host.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/parse.h"
#include "sim/base/io/start_thread.h"
#include "sim/base/process/core_dumps.h"
#include "sim/worlds/live/herd_secret.h"
#include "sim/worlds/places/load_place_index.h"

namespace sim {

herd::Result<std::unique_ptr<PlacesHost>, Error> PlacesHost::start(const Scenario& scenario,
                                                                   ReadBuiltIn when) {
  std::unique_ptr<PlacesHost> host(new PlacesHost);
  host->servers_.resize(scenario.herds.size());
  host->urls_.resize(scenario.herds.size());
  for (std::size_t h = 0; h < scenario.herds.size(); ++h) {
    const PlacesSpec& spec = scenario.herds[h].places;
    if (spec.provider != PlacesProvider::kEmbedded) continue;
    auto source = host->source_of(spec.data, when);
    if (!source) return source.error();
    PlacesServerConfig config;
    config.faults = spec.faults;
    config.seed = scenario.seed;
    // Other users of this machine must not use up the quota, or draw faults.
    config.path_prefix = "/" + random_hex();
    auto server = PlacesServer::start(host->loop_.uv(), std::move(*source), config);
    if (!server) return Error{"herd " + scenario.herds[h].name + ": places: " + server.error()};
    host->urls_[h] = (*server)->url();
    host->servers_[h] = std::move(*server);
  }
  host->thread_ = start_thread([loop = &host->loop_] { loop->run(); });
  return host;
}

herd::Result<PlacesServer::Source, Error> PlacesHost::source_of(const std::string& data,
                                                                ReadBuiltIn when) {
  if (data.empty() && when == ReadBuiltIn::kAtFirstQuestion) {
    return PlacesServer::Source([]() -> const PlaceIndex& { return *built_in_place_index(); });
  }
  auto index = std::find_if(indexes_.begin(), indexes_.end(),
                            [&](const auto& each) { return each.first == data; });
  if (index == indexes_.end()) {
    auto loaded = load_place_index(data);
    if (!loaded) return loaded.error();
    index = indexes_.emplace(indexes_.end(), data, std::move(*loaded));
  }
  return PlacesServer::Source(
      [places = index->second.get()]() -> const PlaceIndex& { return *places; });
}

PlacesHost::~PlacesHost() {
  if (!thread_.joinable()) return;
  inbox_.post([this] { loop_.stop(); });
  thread_.join();
}

void PlacesHost::set_faults(std::uint32_t herd, const PlacesFaults& faults) {
  inbox_.post([this, herd, faults] {
    if (servers_[herd]) servers_[herd]->set_faults(faults);
  });
}

herd::Result<PlacesAskerConfig, Error> asker_config(const PlacesSpec& spec,
                                                    const std::string& embedded_url) {
  PlacesAskerConfig config;
  config.connect_timeout = spec.connect_timeout;
  config.timeout = spec.timeout;
  if (spec.provider == PlacesProvider::kEmbedded) {
    config.base_url = embedded_url;
    return config;
  }
  config.base_url = spec.base_url;
  const char* const key = std::getenv(spec.key_env.c_str());
  if (key == nullptr || *key == '\0') {
    return Error{"places: the environment variable " + spec.key_env +
                 ", which is to hold the API key, is not set"};
  }
  forbid_core_dumps();
  config.key = key;
  return config;
}

bool needs_places_host(const Scenario& scenario) {
  const auto is_query = [](const Event& event) {
    if (std::holds_alternative<SetPlacesEvent>(event.action)) return true;
    const auto* send = std::get_if<SendEvent>(&event.action);
    return send != nullptr &&
           std::holds_alternative<herd::Whatsat>(herd::parse_client_line(send->line));
  };
  const auto may_be_asked = [](const HerdSpec& herd) {
    return !herd.places.data.empty() || (herd.external && mentions(*herd.external, "places_url"));
  };
  return std::any_of(scenario.herds.begin(), scenario.herds.end(), may_be_asked) ||
         std::any_of(scenario.clients.begin(), scenario.clients.end(),
                     [](const ClientGroup& group) { return group.queries.has_value(); }) ||
         std::any_of(scenario.events.begin(), scenario.events.end(), is_query);
}

}  // namespace sim
