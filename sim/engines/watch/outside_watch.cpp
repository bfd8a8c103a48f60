#include "sim/engines/watch/outside_watch.h"

#include <algorithm>

#include "core/format.h"

namespace sim {
namespace {

// Two servers are seen over two paths, by turns. So a sighting may be told later than one that came
// after it, by this much.
constexpr Duration kInexact = std::chrono::milliseconds(1);

}  // namespace

OutsideWatch::OutsideWatch(const HerdSpec& spec, const Plan& plan, OutsideObserver& observer)
    : spec_(spec),
      plan_(plan),
      observer_(observer),
      accepted_as_(plan.updates.size(), kNoIndex),
      origin_(plan.updates.size(), 0),
      decided_(plan.updates.size(), false),
      records_(spec.servers.size(), herd::RecordStore(herd::RecordOrder::kClientTime)) {}

herd::RecordView OutsideWatch::report(std::uint32_t update) {
  const PlannedUpdate& planned = plan_.updates[update];
  herd::RecordView view;
  view.time_ns = client_time(planned, base_);
  std::string time;
  herd::append_time(time, view.time_ns);
  const std::string& server = spec_.servers[origin_[update]].name;
  const std::string& client = plan_.subjects[planned.subject];
  const std::string location = location_text(plan_, planned);
  constexpr std::string_view kSkew = "+0.000000000";
  line_.assign("AT ").append(server).append(" ").append(kSkew).append(" ").append(client);
  line_.append(" ").append(location).append(" ").append(time);
  std::string_view rest = line_;
  const auto take = [&rest](std::size_t size) {
    rest.remove_prefix(1);
    const std::string_view field = rest.substr(0, size);
    rest.remove_prefix(size);
    return field;
  };
  view.line = rest;
  rest.remove_prefix(2);
  view.server = take(server.size());
  view.skew = take(kSkew.size());
  view.client = take(client.size());
  view.location = take(location.size());
  view.time = take(time.size());
  return view;
}

void OutsideWatch::accept(std::uint32_t update, std::uint32_t server, herd::Verdict verdict,
                          herd::Instant at) {
  decided_[update] = true;
  observer_.update_heard(herd::ServerId{server}, report(update), verdict, {at, 0});
  if (verdict != herd::Verdict::kAccepted) return;
  accepted_as_[update] = observer_.accepted_count() - 1;
}

void OutsideWatch::answered(std::uint32_t update, std::uint32_t server, herd::Instant at) {
  if (decided_[update]) return;
  origin_[update] = server;
  const auto early = early_.extract(update);
  const std::vector<Sighting> seen = early.empty() ? std::vector<Sighting>() : early.mapped();
  herd::Instant elsewhere = herd::Instant::max();
  for (const Sighting& each : seen) {
    if (each.dated && each.server == server) at = std::min(at, each.at);
    if (each.server != server) elsewhere = std::min(elsewhere, each.at);
  }
  accept(update, server, records_[server].offer(report(update)), at);
  if (accepted_as_[update] == kNoIndex) return;
  if (elsewhere < at - kInexact) observer_.acceptance_undated(accepted_as_[update]);
  for (const Sighting& each : seen) found(update, each.server, each.at, each.dated);
}

void OutsideWatch::heard(std::uint32_t update, std::uint32_t server, herd::Instant at) {
  origin_[update] = server;
  // The server passes the update on, so it was news to the server, whatever the server has heard
  // since.
  records_[server].offer(report(update));
  accept(update, server, herd::Verdict::kAccepted, at);
}

void OutsideWatch::found(std::uint32_t update, std::uint32_t server, herd::Instant at, bool dated) {
  if (accepted_as_[update] == kNoIndex) {
    if (!decided_[update]) early_[update].push_back({server, at, dated});
    return;
  }
  if (records_[server].offer(report(update)) != herd::Verdict::kAccepted) return;
  observer_.found_at(herd::ServerId{server}, accepted_as_[update], {at, 0}, dated);
}

void OutsideWatch::carried(std::uint32_t update, std::uint32_t server, herd::NeighborId from,
                           InFlight message, herd::Instant sent, herd::Instant at) {
  const herd::RecordView view = report(update);
  const herd::Verdict verdict = records_[server].offer(view);
  observer_.message_carried(herd::ServerId{server}, from, message, sent, view, verdict, {at, 0});
}

bool OutsideWatch::holds(std::uint32_t server, std::uint32_t update) {
  const PlannedUpdate& planned = plan_.updates[update];
  const herd::Record* const held = records_[server].find(plan_.subjects[planned.subject]);
  return held != nullptr && held->time_ns() >= client_time(planned, base_);
}

void OutsideWatch::server_stopped(std::uint32_t server, herd::Instant at) {
  records_[server] = herd::RecordStore(herd::RecordOrder::kClientTime);
  observer_.server_stopped(herd::ServerId{server}, at);
}

void OutsideWatch::server_started(std::uint32_t server, herd::Instant at) {
  observer_.server_started(herd::ServerId{server}, at);
}

}  // namespace sim
