// Tells a Recorder what a herd of honest servers would tell it, in an order that the test chooses,
// or of servers that misbehave. Nothing here is real, nothing waits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/format.h"
#include "core/parse.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/paper_herd.h"
#include "tests/sim/run/fake_client_world.h"

namespace sim {

// The places of the paper's servers in paper_herd().
inline constexpr std::uint32_t kAlford = 0, kBall = 1, kHamilton = 2, kHoliday = 3, kWelsh = 4;

inline HerdSpec paper_herd(herd::Scheme scheme = herd::Scheme::kFloodEcho) {
  HerdSpec herd;
  herd.name = "paper";
  herd.propagation = scheme;
  for (const std::string_view name : kPaperServers) {
    herd.servers.emplace_back().name = std::string(name);
  }
  for (const auto& [a, b] : kPaperLinks) {
    herd.links.push_back({*herd.find_server(std::string(a)), *herd.find_server(std::string(b))});
  }
  return herd;
}

// Servers S1…SN with these links.
inline HerdSpec small_herd(std::uint32_t servers, std::vector<LinkSpec> links,
                           herd::Scheme scheme = herd::Scheme::kFloodEcho) {
  HerdSpec herd;
  herd.name = "small";
  herd.propagation = scheme;
  for (std::uint32_t i = 0; i < servers; ++i) {
    herd.servers.emplace_back().name = "S" + std::to_string(i + 1);
  }
  herd.links = std::move(links);
  return herd;
}

class ToyHerd {
 public:
  static constexpr herd::PosixNs kBase = 1'000'000'000'000'000'000;
  using From = std::optional<std::uint32_t>;  // the server that it came from; none: a client

  ToyHerd(HerdSpec herd, Plan script, RecordLevel level = RecordLevel::kDeliveries)
      : spec(std::move(herd)),
        plan(std::move(script)),
        recorder(spec, plan, level),
        adjacency_(make_adjacency(spec)),
        held_(spec.servers.size()),
        ends_up_(spec.links.size()),
        closing_(spec.links.size()),
        down_(spec.servers.size()) {
    clients.actions_done = plan.actions.size();
    clients.answered.resize(plan.updates.size());
    clients.queries.resize(plan.queries.size());
    clients.connections_lost.resize(plan.clients.size());
    clients.answers.resize(plan.clients.size());
    clients.reply_counts.resize(plan.clients.size());
    clients.unanswered_at.resize(spec.servers.size());
  }
  ToyHerd(const ToyHerd&) = delete;
  ToyHerd& operator=(const ToyHerd&) = delete;

  // What a misbehaving herd does otherwise: how often a server sends a record on, what it makes of
  // one, and what arrives of a line.
  std::function<int(std::uint32_t server, From from, std::uint32_t to)> copies;
  std::function<herd::Verdict(std::uint32_t server, herd::Verdict honest)> judge;
  std::function<std::string(const std::string& line)> tamper;

  void link_up(std::uint32_t a, std::uint32_t b) {
    for (const std::uint32_t end : {a, b}) end_up(end, end == a ? b : a);
  }
  void link_down(std::uint32_t a, std::uint32_t b) {
    for (const std::uint32_t end : {a, b}) end_down(end, end == a ? b : a);
  }
  // One end hears of it; the other has yet to.
  void end_up(std::uint32_t server, std::uint32_t other) {
    ends_up_[link(server, other)].insert(server);
    recorder.link_up(id(server), neighbor(server, other), moment());
  }
  void end_down(std::uint32_t server, std::uint32_t other) {
    ends_up_[link(server, other)].erase(server);
    closing_[link(server, other)] = !ends_up_[link(server, other)].empty();
    std::erase_if(wire_, [&](const Line& l) { return l.to == server && l.from == other; });
    recorder.link_down(id(server), neighbor(server, other), moment());
  }
  ToyHerd& all_up() {
    for (const LinkSpec& each : spec.links) link_up(each.first, each.second);
    return *this;
  }

  // The server dies: its own ends of its links first, then the others'.
  void stop(std::uint32_t server) {
    for (const Adjacent& each : adjacency_[server]) {
      if (ends_up_[each.link].contains(server)) end_down(server, each.peer);
    }
    lose_memory(server);
    down_[server] = true;
    recorder.server_stopped(id(server), now);
    for (const Adjacent& each : adjacency_[server]) {
      if (ends_up_[each.link].contains(each.peer)) end_down(each.peer, server);
    }
  }
  // It is back, with all its links.
  void start(std::uint32_t server) {
    down_[server] = false;
    recorder.server_started(id(server), now);
    for (const Adjacent& each : adjacency_[server]) {
      if (!down_[each.peer]) link_up(server, each.peer);
    }
  }
  // Both ends of a link that has come up tell each other what the other lacks.
  void synchronise(std::uint32_t a, std::uint32_t b) {
    for (const std::string& client : recorder.subjects()) {
      const auto mine = held_[a].find(client), theirs = held_[b].find(client);
      if (mine == held_[a].end() && theirs == held_[b].end()) continue;
      const bool first_is_newer =
          theirs == held_[b].end() ||
          (mine != held_[a].end() &&
           herd::compare(spec.order, view(mine->second), view(theirs->second)) > 0);
      const bool second_is_newer =
          mine == held_[a].end() ||
          (theirs != held_[b].end() &&
           herd::compare(spec.order, view(theirs->second), view(mine->second)) > 0);
      if (first_is_newer) repair(a, b, client);
      if (second_is_newer) repair(b, a, client);
    }
  }
  // A server sends a neighbour the record that it holds of a client.
  void repair(std::uint32_t from, std::uint32_t to, const std::string& client) {
    const std::string& line = held_[from].at(client);
    recorder.repair_sent(id(from), neighbor(from, to), view(line), moment());
    wire_.push_back({from, to, line});
  }

  // A client's planned update reaches a server, whose clock is off by `skew`.
  void hear(std::uint32_t server, std::uint32_t update, const std::string& skew = "+0.000000000") {
    const PlannedUpdate& planned = plan.updates[update];
    std::string line = "AT " + spec.servers[server].name + " " + skew + " " +
                       plan.subjects[planned.subject] + " " + location_text(plan, planned) + " ";
    herd::append_time(line, client_time(planned, kBase));
    hear_line(server, line);
  }
  // Whatever reaches a server, as the AT line that it makes of it.
  void hear_line(std::uint32_t server, const std::string& line) {
    const herd::Verdict verdict = take(server, line);
    recorder.update_heard(id(server), view(line), verdict, moment());
    if (verdict == herd::Verdict::kAccepted) relay(server, std::nullopt, line);
  }
  // The oldest line under way arrives, a microsecond after the last; false where none is.
  bool deliver_one() { return !wire_.empty() && deliver(wire_.front().from, wire_.front().to); }
  // The oldest line under way between two servers arrives.
  bool deliver(std::uint32_t from, std::uint32_t to) {
    const auto line = std::find_if(wire_.begin(), wire_.end(),
                                   [&](const Line& l) { return l.from == from && l.to == to; });
    if (line == wire_.end()) return false;
    std::string text = std::move(line->text);
    wire_.erase(line);
    now += std::chrono::microseconds(1);
    receive(from, to, tamper ? tamper(text) : text);
    return true;
  }
  // A line arrives, sent or not.
  void receive(std::uint32_t from, std::uint32_t to, const std::string& line) {
    const herd::Verdict verdict = take(to, line);
    recorder.update_received(id(to), neighbor(to, from), view(line), verdict, moment());
    if (verdict == herd::Verdict::kAccepted) relay(to, from, line);
  }
  void settle() {
    while (deliver_one()) {
    }
  }
  // The updates of the plan, each at its client's first server, each settled before the next.
  void play() {
    for (std::uint32_t i = 0; i < plan.updates.size(); ++i) {
      hear(plan.clients[plan.updates[i].client].first_server, i);
      settle();
    }
  }
  // A server holds this and nobody was told.
  void plant(std::uint32_t server, const std::string& line) {
    held_[server][std::string(view(line).client)] = line;
  }
  void lose_memory(std::uint32_t server) { held_[server].clear(); }

  HerdOutcome outcome() const {
    HerdOutcome out{spec, plan, clients, recorder, kBase, zero};
    out.quiet = quiet;
    out.clients_left_waiting = clients_left_waiting;
    std::map<std::string, herd::Record> shared;  // by line
    for (std::uint32_t s = 0; s < held_.size(); ++s) {
      ServerOutcome& server = out.servers.emplace_back();
      server.up = !down_[s];
      server.paused = paused.contains(s);
      herd::RecordStore& store = stores_.emplace_back(spec.order);
      for (const auto& [client, line] : held_[s]) {
        herd::RecordView report = view(line);
        if (reports_are_shared) {
          report.kept = shared.try_emplace(line, report).first->second.kept();
        }
        store.offer(report);
      }
      server.records = &store;
    }
    out.wire_bytes.resize(2 * spec.links.size());
    for (const auto& ends : ends_up_) out.links_up.push_back(ends.size() == 2);
    return out;
  }
  UpdateLedger ledger() const { return UpdateLedger(outcome()); }
  // What a ledger says that a server holds, by subject.
  std::vector<std::uint32_t> held(const UpdateLedger& of, std::uint32_t server) const {
    std::vector<std::uint32_t> out;
    for (std::uint32_t subject = 0; subject < of.history.size(); ++subject) {
      const auto places = of.held.of(subject);
      out.push_back(places.empty() ? kNoIndex : places[server]);
    }
    return out;
  }
  std::vector<std::vector<std::uint32_t>> held(const UpdateLedger& of) const {
    std::vector<std::vector<std::uint32_t>> out;
    for (std::uint32_t s = 0; s < spec.servers.size(); ++s) out.push_back(held(of, s));
    return out;
  }

  static herd::RecordView view(const std::string& line) {
    return std::get<herd::RecordView>(herd::parse_link_line(line));
  }

  static herd::ServerId id(std::uint32_t server) { return herd::ServerId{server}; }
  herd::NeighborId neighbor(std::uint32_t server, std::uint32_t other) const {
    const auto& all = adjacency_[server];
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Adjacent& each) { return each.peer == other; });
    return herd::NeighborId{static_cast<std::uint32_t>(found - all.begin())};
  }
  herd::Moment moment() const { return {now, kBase}; }

  const HerdSpec spec;
  const Plan plan;
  Recorder recorder;
  FleetLog clients;
  herd::Instant now, zero;
  std::set<std::uint32_t> paused;  // servers, at the end
  bool reports_are_shared = true;  // servers that hold the same report hold it in one place
  bool quiet = true;
  bool clients_left_waiting = false;

 private:
  struct Line {
    std::uint32_t from = 0, to = 0;
    std::string text;
  };

  std::size_t link(std::uint32_t a, std::uint32_t b) const { return *spec.find_link(a, b); }

  herd::Verdict take(std::uint32_t server, const std::string& line) {
    const herd::RecordView report = view(line);
    const auto known = held_[server].find(std::string(report.client));
    herd::Verdict verdict = herd::Verdict::kAccepted;
    if (known != held_[server].end()) {
      const auto order = herd::compare(spec.order, report, view(known->second));
      if (order == 0) verdict = herd::Verdict::kDuplicate;
      if (order < 0) verdict = herd::Verdict::kStale;
    }
    if (judge) verdict = judge(server, verdict);
    if (verdict == herd::Verdict::kAccepted) held_[server][std::string(report.client)] = line;
    return verdict;
  }
  void relay(std::uint32_t server, From from, const std::string& line) {
    for (const Adjacent& to : adjacency_[server]) {
      if (!ends_up_[to.link].contains(server)) continue;
      const bool back = from == to.peer;
      const int honest = back && spec.propagation == herd::Scheme::kFlood ? 0 : 1;
      for (int n = copies ? copies(server, from, to.peer) : honest; n > 0; --n) {
        recorder.update_sent(id(server), neighbor(server, to.peer), view(line), moment());
        // To an end that is gone it never comes; one that is yet to hear that it is proven hears
        // that first.
        if (!closing_[to.link]) wire_.push_back({server, to.peer, line});
      }
    }
  }

  Adjacency adjacency_;
  std::vector<std::map<std::string, std::string>> held_;  // by server: lines by client
  std::vector<std::set<std::uint32_t>> ends_up_;          // by link
  std::vector<bool> closing_;                             // by link: one end is gone
  std::vector<bool> down_;                                // by server
  mutable std::deque<herd::RecordStore> stores_;          // of every outcome()
  std::deque<Line> wire_;                                 // what is under way, in order
};

}  // namespace sim
