#include "sim/engines/served/served_herd.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "sim/base/io/address.h"

namespace sim {
namespace {

constexpr std::size_t kServersNamed = 3;  // of those that are missing

// The scenario's reader has checked that a server's host is a number.
sockaddr_storage address_of(const ServerSpec& server) {
  return *numeric_address(server.host, server.port);
}

std::vector<sockaddr_storage> addresses_of(const HerdSpec& spec) {
  std::vector<sockaddr_storage> addresses;
  for (const ServerSpec& server : spec.servers) addresses.push_back(address_of(server));
  return addresses;
}

}  // namespace

ServedHerd::ServedHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer, Setup setup)
    : loop_(loop),
      clock_(clock),
      setup_(std::move(setup)),
      watch_(*setup_.spec, *setup_.plan, observer),
      calls_(loop, addresses_of(*setup_.spec), [this] { setup_.on_progress(); }) {}

std::string ServedHerd::missing() const {
  if (ready()) return "";
  std::string out;
  std::string options;
  std::size_t missing = 0;
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    if (calls_.has_accepted(s) || ++missing > kServersNamed) continue;
    const std::string& name = spec().servers[s].name;
    out += fmt::format("{}server {} does not accept a connection at {} ({})",
                       out.empty() ? "" : ", ", name, to_string(address(s)), calls_.why_not(s));
    options += " --server " + name;
  }
  if (missing > kServersNamed) out += fmt::format(", and {} more", missing - kServersNamed);
  return fmt::format(
      "{}: these servers are served elsewhere, and must be up before the run (herdsim serve FILE{} "
      "--secret-file SECRET serves {})",
      out, options, missing == 1 ? "it" : "them");
}

std::chrono::milliseconds ServedHerd::timeout() const {
  return std::chrono::ceil<std::chrono::milliseconds>(spec().external->ready_within);
}

sockaddr_storage ServedHerd::address(std::uint32_t server) const {
  return address_of(spec().servers[server]);
}

void ServedHerd::begin(herd::PosixNs base) {
  watch_.begin(base);
  if (!std::holds_alternative<WatchWhatsat>(spec().external->watch)) return;
  questions_ = std::make_unique<HerdQuestions>(
      loop_, clock_, watch_,
      HerdQuestions::Setup{setup_.spec, setup_.plan, addresses_of(spec()), *zero_,
                           setup_.on_failure});
}

void ServedHerd::answered(std::uint32_t update, std::uint32_t server, herd::Instant at) {
  if (stopping_) return;
  watch_.answered(update, server, at);
  if (questions_) questions_->answered(update, server);
}

bool ServedHerd::settled() const { return !questions_ || questions_->settled(); }

void ServedHerd::stop(std::function<void()> gone) {
  stopping_ = true;
  calls_.stop();
  if (questions_) questions_->stop();
  gone();
}

Observed ServedHerd::observed(bool were_any_updates) const {
  if (!std::holds_alternative<WatchWhatsat>(spec().external->watch)) {
    return Observed::kElsewhereReplies;
  }
  const bool has_seen_any = questions_ && questions_->has_seen_any();
  if (!were_any_updates || has_seen_any || spec().servers.size() < 2) {
    return Observed::kElsewhereWhatsat;
  }
  setup_.on_note("no WHATSAT was answered with a report: only its replies are known");
  return Observed::kElsewhereReplies;
}

void ServedHerd::report(HerdOutcome& outcome) const {
  setup_.on_note(
      "its servers are served elsewhere: all times are by the clock of the machine that ran the "
      "clients, and figures that need the servers' own clocks, records or processes are empty");
  outcome.observed = observed(outcome.clients.actions_done > 0 && !setup_.plan->updates.empty());
  const std::size_t links = spec().links.size();
  outcome.wire_bytes.resize(2 * links);
  outcome.links_up.resize(links, true);
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    ServerOutcome out;
    out.port = spec().servers[s].port;
    out.records = &watch_.records(s);
    outcome.servers.push_back(out);
  }
}

}  // namespace sim
