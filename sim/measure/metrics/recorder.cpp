#include "sim/measure/metrics/recorder.h"

#include <algorithm>
#include <utility>

#include "core/format.h"
#include "core/limits.h"
#include "core/prefetch_memory.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/figures/percentile.h"

namespace sim {
namespace {

constexpr std::size_t kViolationsKept = 100;

// Returns the number of the map that has only the links that are up.
std::uint64_t map_of(const std::vector<bool>& up) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < up.size(); ++i) {
    if (!up[i]) out.push_back(i);
  }
  return herd::map_number(out);
}

constexpr std::uint32_t kMostHops = 0xfff'ffff;
constexpr std::uint32_t kMostPrefetched = 16;  // of the links of one server
constexpr std::size_t kOpenUpdates = 65'536;   // and two for each client

// The last update of a client may be sent again at any time, to a server that lacks it.
std::optional<std::size_t> open_updates(const Plan& plan, RecordLevel level) {
  if (level != RecordLevel::kSummary) return std::nullopt;
  return kOpenUpdates + 2 * plan.subjects.size();
}

}  // namespace

template <class Words>
void Recorder::violation(herd::ServerId server, Words what) {
  ++violation_count_;
  if (violations_.size() >= kViolationsKept) return;
  violations_.push_back("server " + spec_.servers[server.value].name + ": " + what());
}

Recorder::Recorder(const HerdSpec& spec, const Plan& plan, RecordLevel level)
    : SideTraffic(spec, level),
      sends_at_once_(spec.propagation.info().relay != herd::SchemeInfo::Relay::kOwn &&
                     !spec.has_outbox()),
      flows_(ends_.size()),
      accepted_(spec.servers.size(), open_updates(plan, level)),
      maps_(spec.servers.size()),
      // What is sent later than its own input, as repairs are, starts from what a server holds.
      holdings_(plan, spec.servers.size(),
                level == RecordLevel::kDeliveries || !sends_at_once_ ||
                    spec.recovery != herd::Recovery::kNone),
      bins_(level != RecordLevel::kDeliveries),
      latencies_(level, bins_),
      servers_(spec.servers.size()),
      links_(spec.links.size()),
      links_not_up_(static_cast<std::uint32_t>(spec.links.size())),
      last_start_(spec.servers.size()) {
  for (const std::string& subject : plan.subjects) subjects_.number(subject);
}

void Recorder::finish(herd::Instant now) {
  for (std::uint32_t end = 0; end < ends_.size(); ++end) lose(end, now, MissedWhy::kInFlight);
  latencies_.finish();
  bins_.finish(now);
  for (Link& link : links_) {
    if (link.down_since) link.down += now - *link.down_since;
    link.down_since.reset();
  }
}

std::vector<DirectionCounts> Recorder::directions() const {
  std::vector<DirectionCounts> out = rare_;
  out.resize(ends_.size());
  for (std::uint32_t direction = 0; direction < out.size(); ++direction) {
    const LinkFlow& flow = flows_[ends_.receiver(direction)];
    out[direction].messages = flow.messages;
    out[direction].duplicates = flow.duplicates;
    out[direction].echoes = flow.echoes;
  }
  return out;
}

std::vector<ServerCounts> Recorder::servers() const {
  std::vector<ServerCounts> out = servers_;
  for (std::uint32_t s = 0; s < out.size(); ++s) {
    for (std::uint32_t end = ends_.first(s); end < ends_.first(s + 1); ++end) {
      const LinkFlow& in = flows_[end];
      const std::uint64_t lost = rare_.empty() ? 0 : rare_[ends_.direction_to(end)].lost;
      out[s].messages_in += in.messages - lost - in.in_flight.size();
      out[s].duplicates_in += in.duplicates;
      out[s].messages_out += flows_[ends_.other(end)].messages;
    }
  }
  return out;
}

std::uint64_t Recorder::delivery_count() const {
  return level_ == RecordLevel::kDeliveries ? deliveries_.size() : latencies_.count();
}

std::vector<std::optional<Duration>> Recorder::delivery_percentiles(
    std::initializer_list<std::uint32_t> parts) const {
  if (level_ != RecordLevel::kDeliveries) return latencies_.percentiles(parts);
  std::vector<Duration> latencies;
  for (const DeliveryLog& delivery : deliveries_) {
    if (delivery.latency) latencies.push_back(*delivery.latency);
  }
  std::vector<std::optional<Duration>> out;
  for (const std::uint32_t part : parts) out.push_back(percentile(latencies, part));
  return out;
}

void Recorder::hold(herd::ServerId server, std::uint32_t subject, Holding holding,
                    herd::Moment now) {
  const std::uint32_t before = holdings_.set(server, subject, holding, now.run);
  if (before != kNoIndex && order_time(holding.update) < order_time(before)) {
    const bool by_client = spec_.order == herd::RecordOrder::kClientTime;
    violation(server, [&] {
      std::string words = "its record of " + shown_id(subjects_[subject]) + " went back in " +
                          (by_client ? "client" : "server") + " time, from ";
      herd::append_time(words, order_time(before));
      herd::append_time(words += " to ", order_time(holding.update));
      return words;
    });
  }
}

void Recorder::links_changed() {
  topology_changed_ = true;
  calm_topology_ = kNoIndex;
}

std::uint32_t Recorder::current_topology() {
  if (topology_changed_) {
    std::vector<bool> up(links_.size());
    for (std::size_t i = 0; i < links_.size(); ++i) up[i] = links_[i].ends_up == 2;
    map_fits_ = !spec_.propagation.info().uses_map || maps_.all_use(map_of(up));
    topologies_.push_back(std::move(up));
    topology_changed_ = false;
  }
  const auto topology = static_cast<std::uint32_t>(topologies_.size() - 1);
  if (links_not_up_ == 0 && links_half_up_ == 0) calm_topology_ = topology;
  return topology;
}

// Called at every step of an update's flood.
void Recorder::note_topology(AcceptedUpdate& update) {
  if (update.topology == calm_topology_) return;
  if (links_not_up_ > 0 || !maps_.agree()) update.met_fault = true;
  if (topology_changed_ || links_half_up_ > 0 || update.topology + 1 != topologies_.size()) {
    update.met_change = true;
  }
}

void Recorder::update_heard(herd::ServerId server, const herd::RecordView& report,
                            herd::Verdict verdict, herd::Moment now) {
  const std::uint32_t subject = subjects_.number(report.client);
  note_ahead(server, subject, report, verdict, now);
  if (verdict != herd::Verdict::kAccepted) {
    superseded_.push_back({verdict == herd::Verdict::kTooFarAhead, report.time_ns,
                           hash_location(report.location), subject, server.value});
    return;
  }
  current_ = {accept(server, subject, report, now), 0, kNoIndex};
  hold(server, subject, {current_.update, 0}, now);
  prefetch_sending(server);
}

// By server time no report hides later ones. The clocks of other programs' servers are not known.
void Recorder::note_ahead(herd::ServerId server, std::uint32_t subject,
                          const herd::RecordView& report, herd::Verdict verdict, herd::Moment now) {
  if (spec_.external) return;
  const bool is_refused = verdict == herd::Verdict::kTooFarAhead;
  const bool hides_later = verdict == herd::Verdict::kAccepted &&
                           spec_.order == herd::RecordOrder::kClientTime &&
                           herd::is_ahead(report.time_ns, now.wall_ns, herd::kFarAhead);
  if (!is_refused && !hides_later) return;
  if (ahead_.clients == 0 && ahead_.refused == 0) {
    ahead_ = {0, 0, subject, server.value, report.time_ns, now.wall_ns};
  }
  if (is_refused) ++ahead_.refused;
  if (hides_later && ahead_subjects_.insert(subject).second) ++ahead_.clients;
}

std::uint32_t Recorder::accept(herd::ServerId server, std::uint32_t subject,
                               const herd::RecordView& report, herd::Moment now) {
  ++servers_[server.value].accepted;
  AcceptedUpdate update;
  update.accepted = update.last_delivery = now.run;
  update.time_ns = report.time_ns;
  update.location_hash = hash_location(report.location);
  update.subject = subject;
  update.server = server.value;
  update.topology = current_topology();
  const bool outdated = !maps_.agree() || !map_fits_;
  update.met_fault = links_not_up_ > 0 || outdated;
  update.met_change = links_half_up_ > 0 || outdated;
  const std::uint32_t number = accepted_.add(update);
  if (spec_.order == herd::RecordOrder::kServerTime) {
    server_times_.push_back(herd::server_time(report));
  }
  accepted_.apply(number, server.value);
  log_.accepted(number, subject, report.time_ns);
  return number;
}

void Recorder::update_committed(herd::ServerId server, const herd::RecordView& report,
                                herd::Verdict verdict, herd::Moment now) {
  const std::uint32_t subject = subjects_.number(report.client);
  if (verdict != herd::Verdict::kAccepted) {
    superseded_.push_back({verdict == herd::Verdict::kTooFarAhead, report.time_ns,
                           hash_location(report.location), subject, server.value});
    return;
  }
  const std::uint32_t number = accept(server, subject, report, now);
  accepted_.change(number).reached = static_cast<std::uint32_t>(servers_.size());
  const std::uint32_t held = holdings_.of(server, subject).update;
  if (held != kNoIndex && accepted_.time_ns(held) > report.time_ns) return;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    accepted_.apply(number, s);
    holdings_.set(herd::ServerId{s}, subject, {number, 0}, now.run);
  }
}

Recorder::Current Recorder::held_by(herd::ServerId server, const herd::RecordView& report) {
  const Holding holding = holdings_.of(server, subjects_.number(report.client));
  if (holding.update == kNoIndex || accepted_.time_ns(holding.update) != report.time_ns) return {};
  return {holding.update, holding.hops,
          holding.update == current_.update ? current_.end : kNoIndex};
}

void Recorder::update_sent(herd::ServerId server, herd::NeighborId to,
                           const herd::RecordView& report, herd::Moment now) {
  // A flood sends within the input that brought the update. Other schemes and an outbox may send
  // later: what the server holds says which update it is.
  if (sends_at_once_) return send(server, to, current_, now.run);
  send(server, to, held_by(server, report), now.run);
}

void Recorder::update_relayed(herd::ServerId server, std::span<const herd::NeighborId> to,
                              const herd::RecordView& report, herd::Moment now) {
  const Current sent = current_;
  if (!sends_at_once_ || sent.update == kNoIndex || log_.logs(sent.update)) [[unlikely]] {
    return SideTraffic::update_relayed(server, to, report, now);
  }
  const std::uint32_t first = ends_.first(server.value);
  for (const herd::NeighborId each : to) {
    const std::uint32_t end = first + each.value;
    LinkFlow& flow = flows_[ends_.other(end)];
    flow.in_flight.push_back({sent.update, (sent.hops + 1) & kMostHops, sent.end == end});
    ++flow.messages;
  }
  count_sent(sent.update, static_cast<std::uint32_t>(to.size()), now.run);
}

void Recorder::send(herd::ServerId server, herd::NeighborId to, const Current& sent,
                    herd::Instant now) {
  // Ignore records that no neighbour sent: they belong to no update.
  if (sent.update == kNoIndex) return;
  const std::uint32_t end = ends_.end(server, to);
  put_on_link(end, {sent.update, (sent.hops + 1) & kMostHops, sent.end == end}, now);
}

void Recorder::repair_sent(herd::ServerId server, herd::NeighborId to,
                           const herd::RecordView& report, herd::Moment now) {
  const Holding holding = holdings_.of(server, subjects_.number(report.client));
  if (holding.update == kNoIndex || accepted_.time_ns(holding.update) != report.time_ns) {
    return violation(server, [&] {
      return "it sent " + peer_name(ends_.end(server, to)) +
             " a repair that is not what it holds: " + shown_line(report.line);
    });
  }
  accepted_.change(holding.update).met_change = true;
  const std::uint32_t end = ends_.end(server, to);
  ++rare(ends_.direction_from(end)).repairs;
  put_on_link(end, {holding.update, (holding.hops + 1) & kMostHops, false}, now.run, true);
  ++bins_.at(now.run).repairs;
}

void Recorder::update_dropped(herd::ServerId server, herd::NeighborId to,
                              const herd::RecordView& report, herd::Moment) {
  ++rare_from(server, to).dropped;
  const Holding holding = holdings_.of(server, subjects_.number(report.client));
  if (holding.update == kNoIndex) return;
  accepted_.change(holding.update).met_fault = true;
  if (accepted_.time_ns(holding.update) != report.time_ns) return;
  miss(ends_.other(ends_.end(server, to)), holding.update, MissedWhy::kDropped);
}

void Recorder::map_changed(herd::ServerId server, std::uint64_t map, herd::Moment now) {
  maps_.changed(server.value, map);
  links_changed();
  if (level_ == RecordLevel::kDeliveries) map_changes_.push_back({now.run, server.value, map});
}

void Recorder::put_on_link(std::uint32_t end, InFlight message, herd::Instant now, bool repair) {
  LinkFlow& flow = flows_[ends_.other(end)];
  flow.in_flight.push_back(message);
  ++flow.messages;
  count_sent(message.update, 1, now);
  if (log_.logs(message.update)) [[unlikely]]
    log_sent(end, message, now, repair);
}

void Recorder::count_sent(std::uint32_t update, std::uint32_t messages, herd::Instant now) {
  accepted_.change(update).messages += messages;
  bins_.at(now).messages += messages;
  // Only the herd's thread writes.
  messages_.store(messages_.load(std::memory_order_relaxed) + messages, std::memory_order_relaxed);
}

void Recorder::log_sent(std::uint32_t end, InFlight message, herd::Instant now, bool repair) {
  log_.sent(ends_.other(end), {.sent = now,
                               .update = message.update,
                               .direction = ends_.direction_from(end),
                               .hops = message.hops,
                               .echo = message.echo != 0,
                               .repair = repair});
}

// A flood sends to every neighbour. The memory arrives while the server still writes the first
// message.
void Recorder::prefetch_sending(herd::ServerId server) const {
  const std::uint32_t first = ends_.first(server.value);
  const std::uint32_t last = std::min(ends_.first(server.value + 1), first + kMostPrefetched);
  for (std::uint32_t end = first; end < last; ++end) {
    herd::prefetch_memory<herd::Access::kWrite>(&flows_[ends_.other(end)]);
  }
}

void Recorder::prefetch_news(herd::ServerId server, std::uint32_t counts) const {
  ends_.prefetch_others(server);
  const LinkFlow& flow = flows_[counts];
  if (flow.in_flight.empty()) return;
  holdings_.prefetch(server, accepted_.subject(flow.in_flight.front().update));
}

void Recorder::update_received(herd::ServerId server, herd::NeighborId from,
                               const herd::RecordView& report, herd::Verdict verdict,
                               herd::Moment now) {
  const std::uint32_t end = ends_.end(server, from);
  LinkFlow& flow = flows_[end];
  if (flow.in_flight.empty()) {
    ++servers_[server.value].messages_in;  // no flow counts this message
    current_ = {};
    return nobody_sent(server, end, report);
  }
  const InFlight arrived = flow.in_flight.front();
  flow.in_flight.pop_front();
  change_gone(1);

  AcceptedUpdate& update = accepted_.change(arrived.update);
  if (!is_report_of(report, arrived.update, update)) not_as_sent(server, end, report, update);
  note_topology(update);
  // Two thirds of what a flood brings are duplicates.
  MessageKind kind = MessageKind::kDuplicate;
  if (verdict == herd::Verdict::kDuplicate) {
    count_duplicate(flow, arrived, update, bins_.at(now.run));
  } else {
    kind = count_arrival(server, end, arrived, update, verdict, now);
  }
  if (log_.logs(arrived.update)) [[unlikely]]
    log_.received(end, kind, now.run);
}

// A report that servers share is compared once, and not for each of its messages.
bool Recorder::is_report_of(const herd::RecordView& report, std::uint32_t number,
                            const AcceptedUpdate& update) const {
  if (report.kept != nullptr && report.kept->label() == number) return true;
  if (report.time_ns != update.time_ns || report.client != subjects_[update.subject]) return false;
  if (report.kept != nullptr) report.kept->set_label(number);
  return true;
}

MessageKind Recorder::count_arrival(herd::ServerId server, std::uint32_t end, InFlight arrived,
                                    AcceptedUpdate& update, herd::Verdict verdict,
                                    herd::Moment now) {
  if (verdict == herd::Verdict::kRefused) return MessageKind::kRefused;  // as a refused line
  if (verdict != herd::Verdict::kAccepted) {
    ++update.stale;
    ++bins_.at(now.run).stale;
    return MessageKind::kStale;
  }
  prefetch_sending(server);
  current_ = {arrived.update, arrived.hops, end};
  const bool is_first = deliver(server, arrived, update, end, now, true);
  return is_first ? MessageKind::kDelivery : MessageKind::kAgain;
}

void Recorder::nobody_sent(herd::ServerId server, std::uint32_t end,
                           const herd::RecordView& report) {
  violation(server, [&] {
    return "an AT line came from " + peer_name(end) +
           " that the neighbour did not send: " + shown_line(report.line);
  });
}

void Recorder::not_as_sent(herd::ServerId server, std::uint32_t end, const herd::RecordView& report,
                           const AcceptedUpdate& update) {
  violation(server, [&] {
    std::string words = "an AT line came from " + peer_name(end) +
                        " that is not the one that the neighbour sent: " + shown_line(report.line) +
                        " in place of an update of " + shown_id(subjects_[update.subject]) + " at ";
    herd::append_time(words, update.time_ns);
    return words;
  });
}

void Recorder::message_carried(herd::ServerId server, herd::NeighborId from, InFlight message,
                               herd::Instant sent, const herd::RecordView& report,
                               herd::Verdict verdict, herd::Moment now) {
  put_on_link(ends_.other(ends_.end(server, from)), message, sent);
  update_received(server, from, report, verdict, now);
}

void Recorder::message_lost(herd::ServerId server, herd::NeighborId from, InFlight message,
                            herd::Instant sent, herd::Moment now) {
  const std::uint32_t end = ends_.end(server, from);
  put_on_link(ends_.other(end), message, sent);
  lose(end, now.run);
}

void Recorder::found_at(herd::ServerId server, std::uint32_t update, herd::Moment now, bool dated) {
  // Observations at two servers are not exact: one may seem to apply an update before it was
  // accepted at the other.
  AcceptedUpdate& found = accepted_.change(update);
  const bool is_later = now.run > found.accepted;
  deliver(server, {update, 0, false}, found, kNoIndex, now, dated && is_later);
}

bool Recorder::deliver(herd::ServerId server, InFlight arrived, AcceptedUpdate& update,
                       std::uint32_t end, herd::Moment now, bool dated) {
  hold(server, update.subject, {arrived.update, arrived.hops}, now);
  if (!accepted_.apply(arrived.update, server.value)) {
    ++servers_[server.value].deliveries_again;
    return false;
  }
  ++update.reached;
  ++bins_.at(now.run).deliveries;
  // A server may use one reading of the clock for several lines, so the times of different servers
  // may be a little out of order.
  update.last_delivery = std::max(update.last_delivery, now.run);
  if (arrived.hops > update.hops) update.hops = arrived.hops & kMostHops;
  std::optional<Duration> latency;
  if (dated && !update.undated) latency = std::max(Duration(0), now.run - update.accepted);
  if (!dated) {
    update.coverage_undated = true;
    all_dated_ = false;
  }
  if (level_ != RecordLevel::kDeliveries) {
    if (latency) {
      latencies_.add(update.accepted + *latency, *latency);
    } else {
      latencies_.add_undated();
    }
    return true;
  }
  const std::uint32_t from = end == kNoIndex ? kNoIndex : peer_at(end);
  deliveries_.push_back({arrived.update, server.value, from, arrived.hops, latency});
  return true;
}

void Recorder::server_stopped(herd::ServerId server, herd::Instant now) {
  server_changes_.push_back({now, server.value, false});
  holdings_.forget(server, now);
  maps_.stopped(server.value);
}

void Recorder::server_started(herd::ServerId server, herd::Instant now) {
  ++servers_[server.value].restarts;
  server_changes_.push_back({now, server.value, true});
  maps_.started(server.value);
  last_start_[server.value] = now;
}

void Recorder::line_refused(herd::ServerId server, std::string_view, const herd::ParseError&,
                            bool) {
  ++servers_[server.value].invalid_lines;
}

void Recorder::query_heard(herd::ServerId server, const herd::Whatsat&) {
  ++servers_[server.value].queries;
}

void Recorder::change_gone(std::uint64_t by) {
  gone_.store(gone_.load(std::memory_order_relaxed) + by, std::memory_order_release);
}

const std::string& Recorder::peer_name(std::uint32_t end) const {
  return spec_.servers[peer_at(end)].name;
}

}  // namespace sim
