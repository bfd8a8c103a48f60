#include "sim/app/attempt/tried_herd.h"

#include <chrono>
#include <thread>
#include <utility>

#include "sim/base/io/address.h"
#include "sim/base/process/listening.h"
#include "sim/base/process/own_binary.h"
#include "sim/base/text/quoted.h"
#include "sim/worlds/live/herd_secret.h"

namespace sim {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLookAgain(5);

}  // namespace

class TriedHerd::Silent final : public OutsideObserver {
  void server_stopped(herd::ServerId, herd::Instant) override {}
  void server_started(herd::ServerId, herd::Instant) override {}
  void front_end_stopped(herd::ServerId, herd::Instant) override {}
  void message_carried(herd::ServerId, herd::NeighborId, InFlight, herd::Instant,
                       const herd::RecordView&, herd::Verdict, herd::Moment) override {}
  void message_lost(herd::ServerId, herd::NeighborId, InFlight, herd::Instant,
                    herd::Moment) override {}
  void found_at(herd::ServerId, std::uint32_t, herd::Moment, bool) override {}
  void acceptance_undated(std::uint32_t) override {}
  void update_committed(herd::ServerId, const herd::RecordView&, herd::Verdict,
                        herd::Moment) override {}
  std::uint32_t accepted_count() const override { return 0; }
};

template <class Action>
void TriedHerd::within(Action action) {
  thread_.ask_to_stand();
  thread_.wait_until_it_stands();
  action();
  thread_.go_on();
}

TriedHerd::TriedHerd(Scenario scenario)
    : scenario_(std::move(scenario)),
      plan_(make_plan(scenario_, 0)),
      lines_(std::make_unique<LinkLines>(2 * scenario_.herds.front().links.size())),
      observer_(std::make_unique<Silent>()) {}

herd::Result<std::unique_ptr<TriedHerd>, TriedHerd::NotReady> TriedHerd::start(
    Scenario scenario, std::chrono::milliseconds links_within) {
  std::unique_ptr<TriedHerd> herd(new TriedHerd(std::move(scenario)));
  if (auto error = herd->set_up()) return NotReady{error->message};
  if (auto why = herd->wait_until_ready(links_within)) return *why;
  return herd;
}

std::optional<Error> TriedHerd::set_up() {
  if (needs_places_host(scenario_)) {
    auto places = PlacesHost::start(scenario_, PlacesHost::ReadBuiltIn::kAtOnce);
    if (!places) return places.error();
    places_ = std::move(*places);
  }
  ExternalHerd::Setup setup;
  setup.spec = &spec();
  setup.plan = &plan_;
  setup.secret = random_hex();
  if (places_) setup.places_url = places_->url(0);
  setup.herdsim = own_binary();
  setup.on_progress = [] {};
  setup.on_failure = [this](const Error& error) {
    if (!failure_) failure_ = error;
  };
  setup.on_note = [](const std::string&) {};
  setup.on_event = [this](EventName event, const std::string& detail) {
    if (event.text() == "server_ended") ended_.push_back(with_last_words(detail));
  };
  setup.on_link_line = [this](std::uint32_t direction, std::string_view line) {
    lines_->add(direction, line);
  };
  herd_ = std::make_unique<ExternalHerd>(thread_.loop(), clock_, *observer_, std::move(setup));
  if (auto error = herd_->prepare()) {
    gone_ = true;  // it has no process
    return error;
  }
  herd_->start();
  thread_.start();
  return std::nullopt;
}

std::string TriedHerd::with_last_words(const std::string& ended) const {
  for (std::uint32_t s = 0; s < size(); ++s) {
    if (!ended.starts_with(name(s) + ": ")) continue;
    const std::string& last = herd_->last_line(s);
    return last.empty() ? ended : ended + "; its last words: " + sim::quoted(last);
  }
  return ended;
}

std::optional<TriedHerd::NotReady> TriedHerd::wait_until_ready(
    std::chrono::milliseconds links_within) {
  constexpr std::string_view kOnlyLinks = "no connection stands";
  const auto end = SteadyClock::now() + herd_->timeout();
  std::optional<SteadyClock::time_point> listens_since;
  for (;;) {
    bool ready = false;
    std::string missing;
    std::optional<Error> failure;
    within([&] {
      ready = herd_->ready();
      missing = herd_->missing();
      failure = failure_;
      if (ready && !failure) herd_->set_zero(clock_.now());
    });
    if (failure) return NotReady{failure->message};
    if (ready) break;
    const auto now = SteadyClock::now();
    const bool only_links = missing.starts_with(kOnlyLinks);
    if (only_links && !listens_since) listens_since = now;
    if (only_links && now - *listens_since > links_within) return NotReady{missing, true};
    if (!only_links && now > end) return NotReady{"herd " + spec().name + ": " + missing};
    std::this_thread::sleep_for(kLookAgain);
  }
  for (std::uint32_t s = 0; s < size(); ++s) addresses_.push_back(herd_->address(s));
  return std::nullopt;
}

TriedHerd::~TriedHerd() {
  if (herd_ && !gone_) {
    within([this] { herd_->stop([this] { gone_ = true; }); });
    for (bool gone = false; !gone;) {
      std::this_thread::sleep_for(kLookAgain);
      within([&] { gone = gone_; });
    }
  }
  thread_.stop();
  herd_.reset();
}

bool TriedHerd::listens(std::uint32_t server) const {
  return is_listening(spec().servers[server].host, port_of(addresses_[server]));
}

void TriedHerd::apply(const Fault& fault) {
  within([&] { herd_->apply(fault); });
}

bool TriedHerd::has_places() const {
  return places_ != nullptr && mentions(*spec().external, "places_url");
}

std::vector<std::string> TriedHerd::ended() {
  std::vector<std::string> found;
  within([&] { found = ended_; });
  return found;
}

}  // namespace sim
