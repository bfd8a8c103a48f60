#include "sim/run/live_herds.h"

#include <algorithm>
#include <utility>

#include "sim/base/process/own_binary.h"
#include "sim/engines/central/central_herd.h"
#include "sim/engines/external/external_herd.h"
#include "sim/engines/served/served_herd.h"
#include "sim/measure/metrics/message_choice.h"
#include "sim/run/descriptor_need.h"
#include "sim/run/report_central.h"
#include "sim/run/report_native.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/herd_secret.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/multi_loop_herd.h"

namespace sim {

LiveHerds::LiveHerds(const Scenario& scenario, const LiveRunOptions& options, IoLoop& loop,
                     const RunClock& clock, Listener listener)
    : scenario_(scenario),
      options_(options),
      loop_(loop),
      clock_(clock),
      listener_(std::move(listener)),
      outsides_(scenario.herds.size()) {}

std::optional<Error> LiveHerds::make_plans() {
  std::uint64_t descriptors = kDescriptorReserve;
  const bool has_places = needs_places_host(scenario_);
  for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
    plans_.push_back(std::make_unique<Plan>(make_plan(scenario_, h)));
    descriptors += descriptors_needed(
        scenario_.herds[h], *plans_.back(),
        has_places && scenario_.herds[h].places.provider == PlacesProvider::kEmbedded);
  }
  return raise_descriptor_limit(descriptors);
}

std::optional<Error> LiveHerds::make(const PlacesHost* places) {
  places_ = places;
  const ServerLogs logs = ServerLogs::to_files(options_.log_folder, options_.log_level);
  const std::string secret = random_hex();
  for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
    const HerdSpec& spec = scenario_.herds[h];
    recorders_.push_back(std::make_unique<Recorder>(spec, *plans_[h], scenario_.record));
    recorders_.back()->choose(choose_messages(scenario_, h, *plans_[h]));
    auto error = spec.is_served_elsewhere() ? add_served(h)
                 : spec.external            ? add_external(h, secret)
                 : spec.central             ? add_central(h, logs)
                                            : add_native(h, secret, logs);
    if (error) return error;
  }
  return std::nullopt;
}

std::optional<Error> LiveHerds::set_places(std::uint32_t herd,
                                           std::optional<PlacesAskerConfig>& places) {
  const HerdSpec& spec = scenario_.herds[herd];
  if (places_ == nullptr && spec.places.provider != PlacesProvider::kGoogle) return std::nullopt;
  auto config = asker_config(spec.places, places_ == nullptr ? std::string() : places_->url(herd));
  if (!config) return Error{"herd " + spec.name + ": " + config.error().message};
  places = std::move(*config);
  return std::nullopt;
}

std::optional<Error> LiveHerds::add_native(std::uint32_t herd, const std::string& secret,
                                           const ServerLogs& logs) {
  const HerdSpec& spec = scenario_.herds[herd];
  Recorder& recorder = *recorders_[herd];
  LiveHerd::Setup setup;
  setup.spec = &spec;
  setup.seed = scenario_.seed;
  setup.secret = secret;
  setup.limits = options_.limits;
  if (auto error = set_places(herd, setup.places)) return error;
  setup.on_link_proven = listener_.on_progress;
  setup.on_server_changed = [this, &recorder](herd::ServerId server, bool up) {
    up ? recorder.server_started(server, clock_.now())
       : recorder.server_stopped(server, clock_.now());
  };
  setup.on_failure = listener_.on_failure;
  if (spec.loops == 1) {
    return host(std::make_unique<LiveHerd>(loop_, clock_, recorder, std::move(setup)), logs);
  }
  shared_.push_back(std::make_unique<SharedRecorder>(recorder, spec.loops));
  return host(
      std::make_unique<MultiLoopHerd>(loop_, clock_, shared_.back()->tellers(), std::move(setup)),
      logs);
}

template <class NativeHerd>
std::optional<Error> LiveHerds::host(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs) {
  if (auto error = herd->listen(logs)) return error;
  reports_.push_back([&native = *herd](HerdOutcome& outcome) { report_native(native, outcome); });
  hosted_.push_back(std::move(herd));
  return std::nullopt;
}

std::optional<Error> LiveHerds::add_central(std::uint32_t herd, const ServerLogs& logs) {
  const HerdSpec& spec = scenario_.herds[herd];
  CentralHerd::Setup setup;
  setup.spec = &spec;
  setup.seed = scenario_.seed;
  setup.limits = options_.limits;
  // No server's log has this name.
  setup.log_file = (options_.log_folder / spec.name / "postgresql.out").string();
  if (auto error = set_places(herd, setup.places)) return error;
  setup.on_change = listener_.on_progress;
  setup.on_failure = listener_.on_loss;
  auto central = std::make_unique<CentralHerd>(loop_, clock_, *recorders_[herd], setup);
  if (auto error = central->listen(logs)) return error;
  reports_.push_back([&own = *central](HerdOutcome& outcome) { report_central(own, outcome); });
  hosted_.push_back(std::move(central));
  return std::nullopt;
}

std::optional<Error> LiveHerds::add_external(std::uint32_t herd, const std::string& secret) {
  ExternalHerd::Setup setup;
  setup.spec = &scenario_.herds[herd];
  setup.plan = plans_[herd].get();
  setup.seed = scenario_.seed;
  setup.secret = secret;
  if (places_ != nullptr) setup.places_url = places_->url(herd);
  setup.herdsim = own_binary();
  setup.output_folder = options_.log_folder;
  setup.on_progress = listener_.on_progress;
  setup.on_failure = listener_.on_failure;
  setup.on_note = notes_of(herd);
  setup.on_event = [this, herd](EventName event, const std::string& detail) {
    listener_.on_event(herd, event, detail);
  };
  auto external =
      std::make_unique<ExternalHerd>(loop_, clock_, *recorders_[herd], std::move(setup));
  if (auto error = external->prepare()) return error;
  add_outside(herd, std::move(external));
  return std::nullopt;
}

std::optional<Error> LiveHerds::add_served(std::uint32_t herd) {
  ServedHerd::Setup setup;
  setup.spec = &scenario_.herds[herd];
  setup.plan = plans_[herd].get();
  setup.on_progress = listener_.on_progress;
  setup.on_failure = listener_.on_failure;
  setup.on_note = notes_of(herd);
  add_outside(herd,
              std::make_unique<ServedHerd>(loop_, clock_, *recorders_[herd], std::move(setup)));
  return std::nullopt;
}

void LiveHerds::add_outside(std::uint32_t herd, std::unique_ptr<OutsideHerd> outside) {
  reports_.push_back([&own = *outside](HerdOutcome& outcome) { own.report(outcome); });
  outsides_[herd] = outside.get();
  hosted_.push_back(std::move(outside));
}

std::function<void(const std::string&)> LiveHerds::notes_of(std::uint32_t herd) const {
  return [this, herd](const std::string& note) { listener_.on_note(herd, note); };
}

bool LiveHerds::are_ready() const {
  return std::all_of(hosted_.begin(), hosted_.end(),
                     [](const auto& herd) { return herd->ready(); });
}

std::string LiveHerds::missing() const {
  std::string all;
  for (const auto& herd : hosted_) {
    const std::string what = herd->missing();
    if (what.empty()) continue;
    if (!all.empty()) all += "; ";
    all += "herd " + herd->spec().name + ": " + what;
  }
  return all;
}

std::chrono::milliseconds LiveHerds::timeout() const {
  std::chrono::milliseconds longest(0);
  for (const auto& herd : hosted_) longest = std::max(longest, herd->timeout());
  return longest;
}

bool LiveHerds::is_quiet(std::size_t herd) {
  const Recorder& recorder = *recorders_[herd];
  if (recorder.in_flight() != 0) return false;  // this check needs no thread to hold still
  bool quiet = false;
  // A server that has an update but has not sent it on yet has no message in flight either.
  hosted_[herd]->hold_still([&] { quiet = recorder.in_flight() == 0 && hosted_[herd]->settled(); });
  return quiet;
}

double LiveHerds::own_threads_cpu_s() const {
  double all = 0;
  for (const auto& herd : hosted_) all += herd->own_threads_cpu_s();
  return all;
}

}  // namespace sim
