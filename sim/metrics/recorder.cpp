#include "sim/metrics/recorder.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

constexpr std::size_t kViolationsKept = 100;

}  // namespace

Recorder::Recorder(const HerdSpec& spec, const Plan& plan, bool keep_deliveries)
    : spec_(spec),
      adjacency_(make_adjacency(spec)),
      keep_deliveries_(keep_deliveries),
      servers_(spec.servers.size()),
      directions_(2 * spec.links.size()),
      lines_(2 * spec.links.size()),
      perhaps_lost_(2 * spec.links.size()),
      links_(spec.links.size()),
      links_not_up_(static_cast<std::uint32_t>(spec.links.size())),
      holdings_(plan, spec.servers.size()),
      applied_(spec.servers.size()),
      last_start_(spec.servers.size()) {
  for (const std::string& subject : plan.subjects) subject_number(subject);
  accepted_.reserve(plan.updates.size());
}

void Recorder::finish(herd::Instant now) {
  for (std::size_t direction = 0; direction < lines_.size(); ++direction) lose(direction);
  for (Link& link : links_) {
    if (link.down_since) link.down += now - *link.down_since;
    link.down_since.reset();
  }
}

std::uint32_t Recorder::subject_number(std::string_view client) {
  const auto found = subject_numbers_.find(client);
  if (found != subject_numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(subjects_.size());
  subjects_.emplace_back(client);
  subject_numbers_.emplace(names_.emplace_back(client), number);
  return number;
}

void Recorder::hold(herd::ServerId server, Holding holding, herd::Moment now) {
  const AcceptedUpdate& update = accepted_[holding.update];
  const std::uint32_t before = holdings_.of(server, update.subject).update;
  if (before != kNoIndex && update.time_ns < accepted_[before].time_ns) {
    violation(server, "its record of " + subjects_[update.subject] + " went back in client time");
  }
  holdings_.set(server, update.subject, holding, now.run);
}

std::uint32_t Recorder::current_topology() {
  if (topology_changed_) {
    std::vector<bool> up(links_.size());
    for (std::size_t i = 0; i < links_.size(); ++i) up[i] = links_[i].ends_up == 2;
    topologies_.push_back(std::move(up));
    topology_changed_ = false;
  }
  return static_cast<std::uint32_t>(topologies_.size() - 1);
}

// Called at every step of an update's flood.
void Recorder::note_topology(AcceptedUpdate& update) {
  if (links_not_up_ > 0) update.met_fault = true;
  if (topology_changed_ || links_half_up_ > 0 || update.topology + 1 != topologies_.size()) {
    update.met_change = true;
  }
}

void Recorder::update_heard(herd::ServerId server, const herd::RecordView& report,
                            herd::Verdict verdict, herd::Moment now) {
  const std::uint32_t subject = subject_number(report.client);
  if (verdict != herd::Verdict::kTaken) {
    superseded_.push_back({report.time_ns, hash_location(report.location), subject, server.value});
    return;
  }
  ++servers_[server.value].accepted;
  AcceptedUpdate update;
  update.accepted = update.last_delivery = now.run;
  update.time_ns = report.time_ns;
  update.location_hash = hash_location(report.location);
  update.subject = subject;
  update.server = server.value;
  update.topology = current_topology();
  update.met_fault = links_not_up_ > 0;
  update.met_change = links_half_up_ > 0;
  current_ = {static_cast<std::uint32_t>(accepted_.size()), 0, std::nullopt};
  accepted_.push_back(update);
  applied_.add_update();
  applied_.insert(current_.update, server.value);
  hold(server, {current_.update, 0}, now);
}

void Recorder::update_sent(herd::ServerId server, herd::NeighborId to,
                           const herd::RecordView& report, herd::Moment) {
  // What came unsent is nobody's update.
  if (current_.update == kNoIndex) return;
  put_on_link(server, adjacent(server, to), report,
              {current_.update, current_.hops + 1, current_.from == to});
}

void Recorder::repair_sent(herd::ServerId server, herd::NeighborId to,
                           const herd::RecordView& report, herd::Moment) {
  const Holding holding = holdings_.of(server, subject_number(report.client));
  if (holding.update == kNoIndex || accepted_[holding.update].time_ns != report.time_ns) {
    return violation(server, "it sent a repair that is not what it holds");
  }
  accepted_[holding.update].met_change = true;
  const Adjacent& link = adjacent(server, to);
  ++directions_[outgoing(link)].repairs;
  put_on_link(server, link, report, {holding.update, holding.hops + 1, false});
}

void Recorder::summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                            herd::Moment) {
  directions_[outgoing(adjacent(server, to))].summary_bytes += bytes;
}

void Recorder::put_on_link(herd::ServerId server, const Adjacent& link,
                           const herd::RecordView& report, InFlight message) {
  const std::size_t direction = outgoing(link);
  lines_[direction].push_back(message);
  ++accepted_[message.update].messages;
  ++directions_[direction].messages;
  directions_[direction].message_bytes += report.line.size() + 1;
  ++servers_[server.value].messages_out;
  messages_.store(messages_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  change_in_flight(1);
}

void Recorder::update_received(herd::ServerId server, herd::NeighborId from,
                               const herd::RecordView& report, herd::Verdict verdict,
                               herd::Moment now) {
  const Adjacent& link = adjacent(server, from);
  const std::size_t direction = incoming(link);
  auto& line = lines_[direction];
  ++servers_[server.value].messages_in;
  if (line.empty()) {
    current_ = {};
    return violation(server, "an AT line came that the neighbour did not send");
  }
  const InFlight arrived = line.front();
  line.pop_front();
  change_in_flight(-1);

  AcceptedUpdate& update = accepted_[arrived.update];
  if (report.time_ns != update.time_ns || report.client != subjects_[update.subject]) {
    violation(server, "an AT line came that is not the one that the neighbour sent");
  }
  note_topology(update);
  switch (verdict) {
    case herd::Verdict::kHeld:
      ++update.duplicates;
      ++directions_[direction].duplicates;
      ++servers_[server.value].duplicates_in;
      if (arrived.echo) {
        ++update.echoes;
        ++directions_[direction].echoes;
      }
      return;
    case herd::Verdict::kStale:
      ++update.stale;
      return;
    case herd::Verdict::kTaken:
      break;
  }
  current_ = {arrived.update, arrived.hops, from};
  hold(server, {arrived.update, arrived.hops}, now);
  if (!applied_.insert(arrived.update, server.value)) {
    ++servers_[server.value].deliveries_again;
    return;
  }
  ++update.reached;
  // Servers may share readings of the clock for a few lines, each its own.
  update.last_delivery = std::max(update.last_delivery, now.run);
  const Duration latency = now.run - update.accepted;
  if (keep_deliveries_) {
    deliveries_.push_back({arrived.update, server.value, link.peer, arrived.hops, latency});
  }
  latencies_.push_back(latency);
}

void Recorder::link_in_step(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  const std::uint32_t number = adjacent(server, neighbor).link;
  if (++links_[number].ends_in_step < 2) return;
  link_changes_.push_back({now.run, number, LinkState::kInStep});
}

void Recorder::server_stopped(herd::ServerId server, herd::Instant now) {
  holdings_.forget(server, now);
}

void Recorder::server_started(herd::ServerId server, herd::Instant now) {
  ++servers_[server.value].restarts;
  last_start_[server.value] = now;
}

void Recorder::link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  const Adjacent& a = adjacent(server, neighbor);
  // A new connection: what the old one had not brought to the other end is lost.
  lose(outgoing(a));
  perhaps_lost_[outgoing(a)].clear();
  find_again(incoming(a));
  Link& link = links_[a.link];
  link.ends_in_step = 0;
  topology_changed_ = true;
  // Who was dialled is up first.
  link.other_to_come = ++link.ends_up < 2 && !a.dials;
  if (link.ends_up < 2) {
    ++links_half_up_;
    return;
  }
  --links_half_up_;
  --links_not_up_;
  link_changes_.push_back({now.run, a.link, LinkState::kUp});
  if (link.down_since) link.down += now.run - *link.down_since;
  link.down_since.reset();
}

void Recorder::link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  const Adjacent& a = adjacent(server, neighbor);
  // This end reads no more.
  lose(incoming(a));
  Link& link = links_[a.link];
  link.ends_in_step = 0;
  topology_changed_ = true;
  if (link.ends_up-- < 2) {
    // The other end went first: what was sent to it since is lost too. Or it has not come yet: if
    // it still does, as one that was paused may, it first reads what was sent to it.
    if (std::exchange(link.other_to_come, false)) {
      perhaps_lost_[outgoing(a)] = lines_[outgoing(a)];
    }
    lose(outgoing(a));
    --links_half_up_;
    return;
  }
  ++links_half_up_;
  ++links_not_up_;
  link_changes_.push_back({now.run, a.link, LinkState::kDown});
  ++link_drops_;
  ++directions_[outgoing(a)].drops;
  ++directions_[incoming(a)].drops;
  link.down_since = now.run;
}

void Recorder::line_refused(herd::ServerId server, std::string_view, const herd::ParseError&,
                            bool) {
  ++servers_[server.value].invalid_lines;
}

void Recorder::query_heard(herd::ServerId server, const herd::Whatsat&) {
  ++servers_[server.value].queries;
}

void Recorder::lose(std::size_t direction) {
  auto& line = lines_[direction];
  for (std::size_t i = 0; i < line.size(); ++i) {
    AcceptedUpdate& update = accepted_[line[i].update];
    ++update.lost;
    update.met_fault = true;
  }
  directions_[direction].lost += line.size();
  change_in_flight(-static_cast<std::int64_t>(line.size()));
  line.clear();
}

void Recorder::find_again(std::size_t direction) {
  auto& found = perhaps_lost_[direction];
  for (std::size_t i = 0; i < found.size(); ++i) {
    --accepted_[found[i].update].lost;
    lines_[direction].push_back(found[i]);
  }
  directions_[direction].lost -= found.size();
  change_in_flight(static_cast<std::int64_t>(found.size()));
  found.clear();
}

void Recorder::change_in_flight(std::int64_t by) {
  // One writer: the herd's thread.
  in_flight_.store(in_flight_.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by),
                   std::memory_order_relaxed);
}

void Recorder::violation(herd::ServerId server, const std::string& what) {
  ++violation_count_;
  if (violations_.size() >= kViolationsKept) return;
  violations_.push_back("server " + spec_.servers[server.value].name + ": " + what);
}

}  // namespace sim
