// Reports to a Recorder what a herd of honest servers would report, in an order that the test
// chooses; or what misbehaving servers would report. Everything is simulated, and no call waits.
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

// The indices of the paper's servers in paper_herd().
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

// Returns a herd with servers S1…SN and these links.
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

// Updates of a client "kiwi" at the first server, 1 ms, 2 ms … after time zero.
inline Plan updates_of_kiwi(int count) {
  HandPlan plan;
  plan.client("kiwi", 0);
  for (int i = 1; i <= count; ++i) plan.update(0, at_ms(i));
  return plan;
}

class ToyHerd {
 public:
  static constexpr herd::PosixNs kBase = 1'000'000'000'000'000'000;
  using From = std::optional<std::uint32_t>;  // the sending server; nullopt: a client

  ToyHerd(HerdSpec herd, Plan script, RecordLevel level = RecordLevel::kDeliveries)
      : spec(std::move(herd)),
        plan(std::move(script)),
        recorder(spec, plan, level),
        adjacency_(make_adjacency(spec)),
        held_(spec.servers.size()),
        ends_up_(spec.links.size()),
        closing_(spec.links.size()),
        down_(spec.servers.size()) {
    recorder.choose({true, {}});
    recorder.begin(zero, std::chrono::seconds(1), plan, kBase);
    clients.actions_done = plan.actions.size();
    clients.answered.resize(plan.updates.size());
    clients.queries.resize(plan.queries.size());
    clients.connections_lost.resize(plan.clients.size());
    clients.answers.resize(plan.clients.size());
    clients.reply_counts.resize(plan.clients.size());
  }
  ToyHerd(const ToyHerd&) = delete;
  ToyHerd& operator=(const ToyHerd&) = delete;

  // Set these to make servers misbehave. `copies`: how many times a server relays a record.
  // `judge`: the verdict of the server. `tamper`: the line that arrives.
  std::function<int(std::uint32_t server, From from, std::uint32_t to)> copies;
  // The lines that a server relays are reported to the Recorder in one call.
  bool relays_at_once = false;
  std::function<herd::Verdict(std::uint32_t server, herd::Verdict honest)> judge;
  std::function<std::string(const std::string& line)> tamper;

  void link_up(std::uint32_t a, std::uint32_t b) {
    for (const std::uint32_t end : {a, b}) end_up(end, end == a ? b : a);
  }
  void link_down(std::uint32_t a, std::uint32_t b) {
    for (const std::uint32_t end : {a, b}) end_down(end, end == a ? b : a);
  }
  // One endpoint reports the change; the other has not done so yet.
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

  // The server dies: its own endpoints go down first, then the others.
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
  // The server starts again, and all its links come up.
  void start(std::uint32_t server) {
    down_[server] = false;
    recorder.server_started(id(server), now);
    for (const Adjacent& each : adjacency_[server]) {
      if (!down_[each.peer]) link_up(server, each.peer);
    }
  }
  // Both endpoints of a link that came up repair each other.
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
  // A server sends a neighbour its record of a client.
  void repair(std::uint32_t from, std::uint32_t to, const std::string& client) {
    const std::string& line = held_[from].at(client);
    recorder.repair_sent(id(from), neighbor(from, to), view(line), moment());
    wire_.push_back({from, to, line});
  }

  // A planned update arrives at a server whose clock is off by `skew`.
  void hear(std::uint32_t server, std::uint32_t update, const std::string& skew = "+0.000000000") {
    const PlannedUpdate& planned = plan.updates[update];
    std::string line = "AT " + spec.servers[server].name + " " + skew + " " +
                       plan.subjects[planned.subject] + " " + location_text(plan, planned) + " ";
    herd::append_time(line, client_time(planned, kBase));
    hear_line(server, line);
  }
  // Any report arrives at a server, given as the AT line that the server makes of it.
  void hear_line(std::uint32_t server, const std::string& line) {
    const herd::Verdict verdict = take(server, line);
    recorder.update_heard(id(server), view(line), verdict, moment());
    if (verdict == herd::Verdict::kAccepted) relay(server, std::nullopt, line);
  }
  // Delivers the oldest line in flight, a microsecond after the last one. Returns false if there is
  // none.
  bool deliver_one() { return !wire_.empty() && deliver(wire_.front().from, wire_.front().to); }
  // Delivers the oldest line in flight between two servers. Returns false if there is none.
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
  // A line arrives, whether it was sent or not.
  void receive(std::uint32_t from, std::uint32_t to, const std::string& line) {
    const herd::Verdict verdict = take(to, line);
    recorder.update_received(id(to), neighbor(to, from), view(line), verdict, moment());
    if (verdict == herd::Verdict::kAccepted) relay(to, from, line);
  }
  void settle() {
    while (deliver_one()) {
    }
  }
  // Plays the plan's updates, each at its client's first server. Each flood ends before the next
  // update.
  void play() {
    for (std::uint32_t i = 0; i < plan.updates.size(); ++i) {
      hear(plan.clients[plan.updates[i].client].first_server, i);
      settle();
    }
  }
  // Gives a server a record without any report to the Recorder.
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
      server.has_waiting_answers = asking_places.contains(s);
      herd::RecordStore& store = stores_.emplace_back(spec.order);
      for (const auto& [client, line] : held_[s]) {
        herd::RecordView report = view(line);
        if (reports_are_shared) {
          report.kept = shared.try_emplace(line, report, herd::RecordStore::client_hash({}, client))
                            .first->second.kept();
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
  // Returns the updates that a server holds according to a ledger, by subject.
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
  std::set<std::uint32_t> paused;         // servers that are paused at the end
  std::set<std::uint32_t> asking_places;  // servers that wait for Places at the end
  bool reports_are_shared = true;         // servers with equal reports share one in memory
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
    std::vector<herd::NeighborId> at_once;
    for (const Adjacent& to : adjacency_[server]) {
      if (!ends_up_[to.link].contains(server)) continue;
      const bool back = from == to.peer;
      const int honest = back && spec.propagation == herd::Scheme::kFlood ? 0 : 1;
      for (int n = copies ? copies(server, from, to.peer) : honest; n > 0; --n) {
        if (relays_at_once) {
          at_once.push_back(neighbor(server, to.peer));
        } else {
          recorder.update_sent(id(server), neighbor(server, to.peer), view(line), moment());
        }
        // A line to an endpoint that is gone never arrives. An endpoint that is not up yet comes up
        // before the line arrives.
        if (!closing_[to.link]) wire_.push_back({server, to.peer, line});
      }
    }
    if (!at_once.empty()) recorder.update_relayed(id(server), at_once, view(line), moment());
  }

  Adjacency adjacency_;
  std::vector<std::map<std::string, std::string>> held_;  // by server: lines by client
  std::vector<std::set<std::uint32_t>> ends_up_;          // by link
  std::vector<bool> closing_;                             // by link: one endpoint is gone
  std::vector<bool> down_;                                // by server
  mutable std::deque<herd::RecordStore> stores_;          // of every outcome()
  std::deque<Line> wire_;                                 // the lines in flight, in order
};

}  // namespace sim
