// A world for several connected servers in tests. Lines wait until the test chooses one to deliver.
// The lines of one connection keep their order; those of different connections arrive in any order.
// Links can break or hold everything back; servers can die and restart. The world uses no network,
// and nothing blocks.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/batch_lines.h"
#include "core/effects.h"
#include "core/limits.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/random.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {

// A link of a FakeHerd. The first server dials the second.
using Edge = std::pair<std::uint32_t, std::uint32_t>;

// Counts of the updates sent over links, by their outcome.
struct MessageCounts {
  std::uint64_t messages = 0, useful = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0;
  friend bool operator==(const MessageCounts&, const MessageCounts&) = default;
};

inline std::string to_string(const MessageCounts& c) {
  return std::to_string(c.messages) + " messages: " + std::to_string(c.useful) + " useful, " +
         std::to_string(c.duplicates) + " duplicates, " + std::to_string(c.echoes) + " echoes, " +
         std::to_string(c.stale) + " stale, " + std::to_string(c.lost) + " lost";
}

// What outboxes did.
struct Collected {
  std::uint64_t batches = 0, in_batches = 0, replaced = 0;
};

// The cost of recovery, and of a scheme's own lines.
struct RecoveryCosts {
  std::uint64_t control_lines = 0;
  std::uint64_t repairs = 0, summary_bytes = 0, bytes = 0;  // `bytes`: all bytes sent over links
};

class FakeHerd {
 public:
  // Takes the number of possible deliveries and returns the one to carry out.
  using Choose = std::function<std::uint64_t(std::uint64_t)>;

  FakeHerd(std::uint32_t servers, const std::vector<Edge>& edges, Scheme scheme, Choose choose,
           Recovery recovery = Recovery::kNone, std::optional<KeepAlive> keep_alive = std::nullopt,
           RecordOrder order = RecordOrder::kClientTime)
      : choose_(std::move(choose)), wires_(edges.size()), setups_(servers), nodes_(servers) {
    const std::shared_ptr<const HerdMap> map = map_of(servers, edges);
    const auto trees = std::make_shared<TreeMemo>(*map);
    for (std::uint32_t i = 0; i < servers; ++i) {
      ServerConfig& config = setups_[i].config;
      config.name = name(i);
      config.herd = std::make_shared<const HerdConfig>(HerdConfig{.name = "fake",
                                                                  .scheme = scheme,
                                                                  .seed = i + 1,
                                                                  .recovery = recovery,
                                                                  .keep_alive = keep_alive,
                                                                  .order = order,
                                                                  .authenticator = &authenticator_,
                                                                  .map = map,
                                                                  .trees = trees});
      for (std::size_t e = 0; e < edges.size(); ++e) {
        const auto [from, to] = edges[e];
        if (from != i && to != i) continue;
        const std::uint32_t other = from == i ? to : from;
        wires_[e].ends[from == i ? 0 : 1] = {
            i, NeighborId{static_cast<std::uint32_t>(setups_[i].wires.size())}};
        setups_[i].wires.push_back(e);
        config.neighbors.push_back({name(other), from == i});
      }
      make(i);
    }
  }

  static std::string name(std::uint32_t server) { return "S" + std::to_string(server + 1); }

  // Returns the map of such a herd. All links cost the same.
  static std::shared_ptr<const HerdMap> map_of(std::uint32_t servers,
                                               const std::vector<Edge>& edges) {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < servers; ++i) names.push_back(name(i));
    std::vector<HerdMap::Link> links;
    for (const auto& [from, to] : edges) links.push_back({from, to, {}, {}});
    return std::make_shared<const HerdMap>(std::move(names), links);
  }

  // Starts every server, which dials its links.
  void begin() {
    for (auto& node : nodes_) node->server.start(moment_at(now_));
  }
  // Dials every link and completes all handshakes.
  void start() {
    begin();
    settle();
    for (auto& node : nodes_) EXPECT_TRUE(node->server.all_links_up());
  }
  // Makes every server collect records. Before start().
  void collect(const OutboxSpec& spec) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      setups_[i].config.outbox = spec;
      make(i);
    }
  }
  // Makes the endpoints of every link compare their records again and again. Before start(), with
  // Recovery::kSync.
  void compare_every(Duration period) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      HerdConfig changed = *setups_[i].config.herd;
      changed.compare_every = period;
      setups_[i].config.herd = std::make_shared<const HerdConfig>(std::move(changed));
      make(i);
    }
  }
  // Sets the difference between the server's clock and true time.
  void skew(std::uint32_t server, Duration by) { setups_[server].skew = by; }
  // A client of the server sends a line. No effect if the server is dead.
  void say(std::uint32_t server, std::string_view line) {
    if (!lives(server)) return;
    Moment now = moment_at(now_);
    now.wall_ns += setups_[server].skew.count();
    nodes_[server]->server.line_received(kClient, {line, "\n"}, now);
  }
  // Delivers one of the lines in flight. Returns false if there is none.
  bool deliver_one() {
    std::vector<std::function<void()>> possible;
    for (std::size_t w = 0; w < wires_.size(); ++w) {
      if (wires_[w].dialling && !wires_[w].held)
        possible.emplace_back([this, w] { answer_dial(w); });
    }
    for (const auto& each : connections_) {
      Connection* const connection = each.get();
      for (const std::size_t end : {0U, 1U}) {
        if (!connection->open[end] || connection->toward[end].empty()) continue;
        const bool own_end = connection->closing[end];
        if (wires_[connection->wire].held && !own_end) continue;
        possible.emplace_back([=, this] { deliver(*connection, end); });
      }
    }
    if (possible.empty()) return false;
    possible[choose_(possible.size())]();
    forget_closed();
    return true;
  }
  void settle() {
    while (deliver_one()) {
    }
  }
  // Breaks the link. It cannot be dialled until mend().
  void cut(std::size_t wire) {
    wires_[wire].cut = true;
    break_connections([wire](const Connection& c) { return c.wire == wire; });
  }
  // Makes it possible to dial the link again, and dials it.
  void mend(std::size_t wire) {
    wires_[wire].cut = false;
    const auto& [server, neighbor] = wires_[wire].ends[0];
    if (lives(server)) nodes_[server]->server.redial(neighbor, moment_at(now_));
  }
  // Holds back everything on the link, also the news that a connection has ended; or releases it.
  void hold(std::size_t wire, bool held = true) { wires_[wire].held = held; }
  void hold_all_but(const std::set<std::size_t>& wires) {
    for (std::size_t w = 0; w < wires_.size(); ++w) hold(w, !wires.contains(w));
  }
  // A line comes to the server from its neighbour, which never sent it.
  void say_on_link(std::uint32_t from, std::uint32_t to, std::string_view line) {
    for (const auto& each : connections_) {
      for (const std::size_t end : {0U, 1U}) {
        if (wires_[each->wire].ends[end].server != to) continue;
        if (wires_[each->wire].ends[1 - end].server != from) continue;
        nodes_[to]->server.line_received(each->ids[end], {line, "\n"}, moment_at(now_));
      }
    }
  }
  // The same, for a line that must be refused.
  void expect_refused(std::uint32_t from, std::uint32_t to, std::string_view line) {
    refusals_ = 0;
    say_on_link(from, to, line);
    EXPECT_EQ(std::exchange(refusals_, std::nullopt), 1) << line;
  }
  // Kills the server. Its records, and everything in flight to and from it, are lost.
  void kill(std::uint32_t server) {
    if (!lives(server)) return;
    for (const std::size_t wire : setups_[server].wires) {
      if (wires_[wire].ends[0].server == server) wires_[wire].dialling = false;
    }
    const std::unique_ptr<Node> dead = std::move(nodes_[server]);
    break_connections(
        [&](const Connection& c) { return std::ranges::count(setups_[server].wires, c.wire) > 0; });
  }
  void revive(std::uint32_t server) {
    if (lives(server)) return;
    make(server);
    nodes_[server]->server.start(moment_at(now_));
  }
  bool lives(std::uint32_t server) const { return nodes_[server] != nullptr; }
  // Advances the time. Every server wakes at each of its deadlines.
  void advance(Duration by) {
    const Instant until = now_ + by;
    for (;;) {
      std::optional<Instant> next;
      for (const auto& node : nodes_) {
        if (!node) continue;
        const auto deadline = node->server.deadline();
        if (deadline && *deadline <= until && (!next || *deadline < *next)) next = deadline;
      }
      if (!next) break;
      now_ = std::max(now_, *next);
      for (auto& node : nodes_) {
        if (node) node->server.time_reached(moment_at(now_));
      }
      settle();
    }
    now_ = until;
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  // Precondition: the server is alive.
  const Server& server(std::uint32_t index) const { return nodes_[index]->server; }
  const MessageCounts& counts() const { return counts_; }
  const RecoveryCosts& costs() const { return costs_; }
  const Collected& collected() const { return collected_; }
  Instant now() const { return now_; }
  // Returns true if both endpoints of the link take it for up.
  bool link_is_up(std::size_t wire) const {
    return std::ranges::all_of(wires_[wire].ends, [this](const End& end) {
      return lives(end.server) && server(end.server).link_is_up(end.neighbor);
    });
  }
  // Returns the AT line of every client report that a server heard, except repetitions.
  const std::vector<std::string>& heard() const { return heard_; }
  // Returns the server's records, one line per client.
  std::string knowledge(std::uint32_t index) const {
    std::string out;
    for (const RecordView& record : nodes_[index]->server.records().sorted()) {
      out.append(record.line).append("\n");
    }
    return out;
  }
  bool all_synchronized() const {
    for (const auto& node : nodes_) {
      for (std::uint32_t i = 0; node && i < node->server.config().neighbors.size(); ++i) {
        if (!node->server.link_is_up(NeighborId{i})) return false;
        if (!node->server.recovery_is_over(NeighborId{i})) return false;
      }
    }
    return true;
  }

 private:
  static constexpr ConnectionId kClient{0};

  struct End {
    std::uint32_t server = 0;
    NeighborId neighbor;
  };

  // A link. Endpoint 0 is the one that dials.
  struct Wire {
    std::array<End, 2> ends;
    bool dialling = false, cut = false, held = false;
  };

  // A line in flight, or nullopt for the end of the connection.
  using Item = std::optional<std::string>;

  struct Connection {
    std::size_t wire = 0;
    std::array<ConnectionId, 2> ids;
    std::array<std::deque<Item>, 2> toward;  // by the endpoint that receives it
    std::array<bool, 2> open{true, true};    // false once the endpoint knows of the close
    std::array<bool, 2> closing{};           // by the endpoint that asked for the close
  };

  struct Setup {
    ServerConfig config;
    std::vector<std::size_t> wires;  // by neighbour
    Duration skew{0};
  };

  struct Node : Effects, Observer {
    Node(FakeHerd& owner, ServerId id, const Setup& setup)
        : herd(owner), wires(setup.wires), server(id, setup.config, *this, *this) {
      server.connection_opened(kClient);
    }

    // Returns the lowest free id.
    ConnectionId connect(Connection* connection) {
      std::uint32_t id = 1;
      while (id < connections.size() && connections[id] != nullptr) ++id;
      if (id == connections.size()) connections.emplace_back();
      connections[id] = connection;
      return ConnectionId{id};
    }
    // Returns which endpoint of the connection this server is.
    std::size_t end_of(const Connection& connection) const {
      return herd.wires_[connection.wire].ends[0].server == server.id().value ? 0 : 1;
    }

    void send(ConnectionId to, std::string_view text, std::string_view ending) override {
      if (to == kClient) return;
      EXPECT_EQ(ending, "\n");
      EXPECT_LE(text.size(), kMaxLinkLine);
      Connection& connection = *connections.at(to.value);
      const std::size_t end = end_of(connection);
      EXPECT_FALSE(connection.closing[end]);
      herd.costs_.bytes += text.size() + ending.size();
      connection.toward[1 - end].emplace_back(text);
    }
    void send_update(ConnectionId link, const RecordView& report) override {
      send(link, report.line, "\n");
    }
    void close(ConnectionId which, CloseReason reason) override {
      EXPECT_TRUE(reason == CloseReason::kNotLinked || reason == CloseReason::kReplaced ||
                  reason == CloseReason::kRedialled || reason == CloseReason::kSilent)
          << to_string(reason);
      Connection& connection = *connections.at(which.value);
      const std::size_t end = end_of(connection);
      EXPECT_FALSE(connection.closing[end]);
      connection.closing[end] = true;
      herd.lose(connection.toward[end]);
      connection.toward[end].emplace_back();
      connection.toward[1 - end].emplace_back();
    }
    void dial(NeighborId neighbor) override {
      EXPECT_FALSE(std::exchange(herd.wires_[wires[neighbor.value]].dialling, true));
    }
    void abandon_dial(NeighborId neighbor) override {
      EXPECT_TRUE(std::exchange(herd.wires_[wires[neighbor.value]].dialling, false));
    }
    void became_link(ConnectionId connection, NeighborId neighbor) override {
      EXPECT_EQ(connections.at(connection.value)->wire, wires.at(neighbor.value));
    }
    void ask_places(QueryId, const PlacesQuestion&) override {}

    void update_heard(ServerId, const RecordView& report, Verdict verdict, Moment) override {
      if (verdict != Verdict::kDuplicate) herd.heard_.emplace_back(report.line);
      if (verdict == Verdict::kAccepted) first_from[std::string(report.line)] = std::nullopt;
    }
    void update_sent(ServerId, NeighborId to, const RecordView& report, Moment) override {
      ++herd.counts_.messages;
      const auto first = first_from.find(std::string(report.line));
      ASSERT_NE(first, first_from.end()) << "sent on what it never took";
      herd.counts_.echoes += first->second == to;
    }
    void update_received(ServerId, NeighborId from, const RecordView& report, Verdict verdict,
                         Moment) override {
      herd.counts_.useful += verdict == Verdict::kAccepted;
      herd.counts_.duplicates += verdict == Verdict::kDuplicate;
      herd.counts_.stale += verdict == Verdict::kStale;
      if (verdict == Verdict::kAccepted) first_from[std::string(report.line)] = from;
    }
    void repair_sent(ServerId, NeighborId, const RecordView& report, Moment) override {
      ++herd.costs_.repairs;
      const Record* const held = server.records().find(report.client);
      ASSERT_NE(held, nullptr);
      EXPECT_EQ(held->view().line, report.line) << "it sends what it holds";
    }
    void summary_sent(ServerId, NeighborId, std::size_t bytes, Moment) override {
      herd.costs_.summary_bytes += bytes;
    }
    void control_sent(ServerId, NeighborId, std::size_t, Moment) override {
      ++herd.costs_.control_lines;
    }
    void batch_sent(ServerId, NeighborId, std::size_t records, Moment) override {
      ++herd.collected_.batches;
      herd.collected_.in_batches += records;
    }
    void update_replaced(ServerId, NeighborId, Moment) override { ++herd.collected_.replaced; }
    void link_synchronized(ServerId, NeighborId neighbor, Moment) override {
      EXPECT_TRUE(server.link_is_up(neighbor));
      EXPECT_TRUE(server.recovery_is_over(neighbor));
      EXPECT_FALSE(std::exchange(synchronized[neighbor], true))
          << "once for each time that it is up";
    }
    void link_up(ServerId, NeighborId neighbor, Moment) override { synchronized[neighbor] = false; }
    void line_refused(ServerId, std::string_view line, const ParseError& error, bool) override {
      if (herd.refusals_) {
        ++*herd.refusals_;
        return;
      }
      ADD_FAILURE() << "refused: " << line << ": " << herd::to_string(error);
    }

    FakeHerd& herd;
    std::vector<std::size_t> wires;                 // by neighbour
    std::vector<Connection*> connections{nullptr};  // by ConnectionId; 0 is the client's
    std::map<std::string, std::optional<NeighborId>> first_from;
    std::map<NeighborId, bool> synchronized;
    Server server;
  };

  void make(std::uint32_t index) {
    nodes_[index] = std::make_unique<Node>(*this, ServerId{index}, setups_[index]);
  }

  void answer_dial(std::size_t index) {
    Wire& wire = wires_[index];
    wire.dialling = false;
    Server& server = nodes_[wire.ends[0].server]->server;
    if (wire.cut || !lives(wire.ends[1].server)) {
      return server.dial_failed(wire.ends[0].neighbor, moment_at(now_));
    }
    connections_.push_back(std::make_unique<Connection>());
    Connection* const connection = connections_.back().get();
    connection->wire = index;
    for (const std::size_t end : {0U, 1U}) {
      connection->ids[end] = nodes_[wire.ends[end].server]->connect(connection);
    }
    nodes_[wire.ends[1].server]->server.connection_opened(connection->ids[1]);
    server.dialled(wire.ends[0].neighbor, connection->ids[0], moment_at(now_));
  }

  void deliver(Connection& connection, std::size_t end) {
    const Item item = std::move(connection.toward[end].front());
    connection.toward[end].pop_front();
    if (!item) return closed(connection, end);
    Node& to = *nodes_[wires_[connection.wire].ends[end].server];
    const std::string bytes = *item + "\n";
    if (to.server.expected_lines_received(connection.ids[end], bytes, 1, moment_at(now_)) > 0) {
      return;
    }
    to.server.line_received(connection.ids[end], {*item, "\n"}, moment_at(now_));
  }

  // Tells the endpoint that the connection is closed.
  void closed(Connection& connection, std::size_t end) {
    connection.open[end] = false;
    lose(connection.toward[end]);
    Node* const node = nodes_[wires_[connection.wire].ends[end].server].get();
    if (node == nullptr) return;
    node->connections[connection.ids[end].value] = nullptr;
    node->server.connection_closed(connection.ids[end], moment_at(now_));
  }

  template <class Which>
  void break_connections(Which which) {
    for (const auto& connection : connections_) {
      if (!which(*connection)) continue;
      for (auto& items : connection->toward) lose(items);
      for (const std::size_t end : {0U, 1U}) {
        if (connection->open[end]) closed(*connection, end);
      }
    }
    forget_closed();
  }

  void forget_closed() {
    std::erase_if(connections_, [this](const auto& connection) {
      if (connection->open[0] || connection->open[1]) return false;
      for (auto& items : connection->toward) lose(items);
      return true;
    });
  }

  void lose(std::deque<Item>& items) {
    for (const Item& item : items) counts_.lost += item ? records_in(*item) : 0;
    items.clear();
  }
  static std::size_t records_in(std::string_view line) {
    if (!is_batch_line(line)) return line.starts_with("AT ") || line.starts_with("SYNC AT ");
    std::vector<std::string> records;
    EXPECT_FALSE(parse_batch(line, records)) << line;
    return records.size();
  }

  Choose choose_;
  FakeAuthenticator authenticator_;
  std::vector<Wire> wires_;
  std::vector<Setup> setups_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Node>> nodes_;  // nullptr if the server is dead
  MessageCounts counts_;
  RecoveryCosts costs_;
  Collected collected_;
  std::vector<std::string> heard_;
  std::optional<int> refusals_;  // counted while they are expected
  Instant now_;
};

// Returns the records that every server must hold in the end: the greatest report of each client.
inline std::string newest_of(const std::vector<std::string>& heard,
                             RecordOrder order = RecordOrder::kClientTime) {
  std::map<std::string_view, RecordView> newest;
  for (const std::string& at : heard) {
    const auto report = std::get<RecordView>(parse_link_line(at));
    const auto [held, first] = newest.emplace(report.client, report);
    if (!first && compare(order, report, held->second) > 0) held->second = report;
  }
  std::string out;
  for (const auto& [client, report] : newest) out.append(report.line).append("\n");
  return out;
}

// Chooses a random delivery; the seed determines the choices.
inline FakeHerd::Choose any_of(std::uint64_t seed) {
  return [random = Random(seed, "deliveries")](std::uint64_t possible) mutable {
    return random.below(possible);
  };
}

}  // namespace herd
