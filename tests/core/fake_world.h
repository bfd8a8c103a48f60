// Worlds for servers in tests. FakeServer is one server of the paper's herd whose world only writes
// down what it asks for and decides, a short line each. FakeHerd is several servers wired to each
// other, whose lines wait until a chosen one is delivered. Nothing here is real, nothing waits.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/effects.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/random.h"
#include "core/server.h"

namespace herd {

// What every server's clock shows at the run's start: makes the protocol's known answer.
inline constexpr PosixNs kWallAtStart = 1'479'413'884'655'887'836;

inline Moment moment_at(Instant now) {
  return {now, kWallAtStart + now.time_since_epoch().count()};
}

inline std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kTaken:
      return "taken";
    case Verdict::kHeld:
      return "held";
    case Verdict::kStale:
      return "stale";
  }
  return "";
}

inline std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::kPeerDone:
      return "peer-done";
    case CloseReason::kOverlong:
      return "overlong";
    case CloseReason::kBadProof:
      return "bad-proof";
    case CloseReason::kNotLinked:
      return "not-linked";
    case CloseReason::kReplaced:
      return "replaced";
    case CloseReason::kSilent:
      return "silent";
  }
  return "";
}

// Endings made visible: <CR> and <LF>.
inline std::string visible(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "<LF>";
    } else if (c == '\r') {
      out += "<CR>";
    } else {
      out += c;
    }
  }
  return out;
}

// Writes down every effect and every decision, in the order in which they come.
class Trace : public Effects, public Observer {
 public:
  // What was written since the last call.
  std::string take() { return std::exchange(text_, {}); }
  // From now on the id may be closed once more, and sent on.
  void forget(ConnectionId id) { closed_.erase(id.value); }

  void send(ConnectionId to, std::string_view text, std::string_view ending) override {
    check_open(to);
    add({"send ", number(to), " [", visible(text), visible(ending), "]"});
  }
  void send_update(ConnectionId link, const RecordView& report) override {
    check_open(link);
    add({"update ", number(link), " [", report.line, "]"});
  }
  void close(ConnectionId connection, CloseReason reason) override {
    check_open(connection);
    closed_.insert(connection.value);
    add({"close ", number(connection), " ", to_string(reason)});
  }
  void dial(NeighborId neighbor) override { add({"dial ", number(neighbor)}); }
  void became_link(ConnectionId connection, NeighborId neighbor) override {
    add({"link ", number(connection), " is ", number(neighbor)});
  }
  void ask_places(QueryId query, const PlacesQuestion& question) override {
    add({"ask ", number(query), " ", question.location, " ", question.radius, " ",
         std::to_string(question.radius_km), " ", std::to_string(question.bound)});
  }

  void update_heard(ServerId, const RecordView& report, Verdict verdict, Moment) override {
    add({"heard ", to_string(verdict), " ", report.client, " ", report.time});
  }
  void update_sent(ServerId, NeighborId to, const RecordView& report, Moment) override {
    add({"sent ", number(to), " ", report.client, " ", report.time});
  }
  void update_received(ServerId, NeighborId from, const RecordView& report, Verdict verdict,
                       Moment) override {
    add({"received ", number(from), " ", to_string(verdict), " ", report.client, " ", report.time});
  }
  void abandon_dial(NeighborId neighbor) override { add({"abandon ", number(neighbor)}); }
  void repair_sent(ServerId, NeighborId, const RecordView&, Moment) override {}
  void summary_sent(ServerId, NeighborId, std::size_t, Moment) override {}
  void link_in_step(ServerId, NeighborId, Moment) override {}
  void link_up(ServerId, NeighborId neighbor, Moment) override { add({"up ", number(neighbor)}); }
  void link_down(ServerId, NeighborId neighbor, Moment) override {
    add({"down ", number(neighbor)});
  }
  void line_refused(ServerId, std::string_view, const ParseError& error, bool on_link) override {
    add({on_link ? "refused on a link: " : "refused: ", to_string(error)});
  }
  void query_heard(ServerId, const Whatsat& query) override {
    add({"query ", query.client, " ", query.radius, " ", std::to_string(query.bound)});
  }

 private:
  template <class Tag>
  static std::string number(Id<Tag> id) {
    return std::to_string(id.value);
  }
  void add(std::initializer_list<std::string_view> parts) {
    for (const auto part : parts) text_ += part;
    text_ += '\n';
  }
  // Once a server has asked for a connection's end there is nothing more to be said on it.
  void check_open(ConnectionId id) const {
    EXPECT_FALSE(closed_.contains(id.value)) << "connection " << id.value << " was closed";
  }

  std::string text_;
  std::set<std::uint32_t> closed_;
};

// The paper's Alford, alone in its world. Neighbour 0 is Hamilton, which it dials; neighbour 1 is
// Welsh, which dials it.
class FakeServer {
 public:
  explicit FakeServer(Scheme scheme = Scheme::kFloodEcho)
      : server(ServerId{0},
               {"paper",
                "Alford",
                scheme,
                {{"Hamilton", true, "A-to-H", "H-to-A"}, {"Welsh", false, "A-to-W", "W-to-A"}},
                1},
               trace, trace) {}

  Moment moment() const { return moment_at(now); }
  std::string open(std::uint32_t connection) {
    server.connection_opened(ConnectionId{connection});
    return trace.take();
  }
  std::string say(std::uint32_t connection, std::string_view text, std::string_view ending = "\n") {
    server.line_received(ConnectionId{connection}, {text, ending}, moment());
    return trace.take();
  }
  std::string say_overlong(std::uint32_t connection, std::string_view first_bytes) {
    server.overlong_line(ConnectionId{connection}, first_bytes, moment());
    return trace.take();
  }
  std::string end_input(std::uint32_t connection) {
    server.input_ended(ConnectionId{connection}, moment());
    return trace.take();
  }
  std::string gone(std::uint32_t connection) {
    trace.forget(ConnectionId{connection});
    server.connection_closed(ConnectionId{connection}, moment());
    return trace.take();
  }
  std::string places(std::uint32_t query, std::string_view json) {
    server.places_answered(QueryId{query}, json);
    return trace.take();
  }
  std::string start() {
    server.start(moment());
    return trace.take();
  }
  std::string dialled(std::uint32_t neighbor, std::uint32_t connection) {
    server.dialled(NeighborId{neighbor}, ConnectionId{connection}, moment());
    return trace.take();
  }
  std::string dial_failed(std::uint32_t neighbor) {
    server.dial_failed(NeighborId{neighbor}, moment());
    return trace.take();
  }
  std::string redial(std::uint32_t neighbor) {
    server.redial(NeighborId{neighbor}, moment());
    return trace.take();
  }
  std::string advance(Duration by) {
    now += by;
    server.time_reached(moment());
    return trace.take();
  }
  // Until what is due next; nothing where nothing is.
  std::optional<Duration> patience() const {
    const auto deadline = server.deadline();
    if (!deadline) return std::nullopt;
    return *deadline - now;
  }
  // Proves both links: Hamilton on connection 10, Welsh on connection 11.
  void link_up() {
    start();
    dialled(0, 10);
    say(10, "LINKED paper Hamilton Alford H-to-A");
    open(11);
    say(11, "LINK paper Welsh Alford W-to-A");
    EXPECT_TRUE(server.all_links_up());
  }

  Trace trace;
  Server server;
  Instant now;
};

// A link of a FakeHerd: the first of the two dials.
using Edge = std::pair<std::uint32_t, std::uint32_t>;

// What became of the updates sent over links.
struct MessageCounts {
  std::uint64_t messages = 0, useful = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0;
  friend bool operator==(const MessageCounts&, const MessageCounts&) = default;
};

inline std::string to_string(const MessageCounts& c) {
  return std::to_string(c.messages) + " messages: " + std::to_string(c.useful) + " useful, " +
         std::to_string(c.duplicates) + " duplicates, " + std::to_string(c.echoes) + " echoes, " +
         std::to_string(c.stale) + " stale, " + std::to_string(c.lost) + " lost";
}

class FakeHerd {
 public:
  // Given how many deliveries are possible, says which one happens.
  using Choose = std::function<std::uint64_t(std::uint64_t)>;

  FakeHerd(std::uint32_t servers, const std::vector<Edge>& edges, Scheme scheme, Choose choose)
      : choose_(std::move(choose)), wires_(edges.size()) {
    for (std::uint32_t i = 0; i < servers; ++i) {
      ServerConfig config{"fake", name(i), scheme, {}, i + 1};
      std::vector<std::size_t> wires;
      for (std::size_t e = 0; e < edges.size(); ++e) {
        const auto [from, to] = edges[e];
        if (from != i && to != i) continue;
        const std::uint32_t other = from == i ? to : from;
        wires_[e].ends[from == i ? 0 : 1] = {
            i, NeighborId{static_cast<std::uint32_t>(wires.size())}, {}};
        wires.push_back(e);
        config.neighbors.push_back(
            {name(other), from == i, name(i) + "-" + name(other), name(other) + "-" + name(i)});
      }
      nodes_.push_back(std::make_unique<Node>(*this, ServerId{i}, std::move(config), wires));
    }
  }

  static std::string name(std::uint32_t server) { return "S" + std::to_string(server + 1); }

  // Dials and proves every link.
  void start() {
    for (auto& node : nodes_) node->server.start(moment_at(now_));
    settle();
    for (auto& node : nodes_) EXPECT_TRUE(node->server.all_links_up());
  }
  // A client of the server says a line.
  void say(std::uint32_t server, std::string_view line) {
    nodes_[server]->server.line_received(kClient, {line, "\n"}, moment_at(now_));
  }
  // One of what is under way arrives; false where nothing is.
  bool deliver_one() {
    std::vector<std::pair<std::size_t, int>> possible;  // a wire, and the end or the dial
    for (std::size_t w = 0; w < wires_.size(); ++w) {
      if (wires_[w].dialling) possible.emplace_back(w, kDial);
      for (const int end : {0, 1}) {
        if (!wires_[w].toward[static_cast<std::size_t>(end)].empty()) possible.emplace_back(w, end);
      }
    }
    if (possible.empty()) return false;
    const auto [wire, what] = possible[choose_(possible.size())];
    what == kDial ? answer_dial(wires_[wire], wire)
                  : deliver_line(wires_[wire], static_cast<std::size_t>(what));
    return true;
  }
  void settle() {
    while (deliver_one()) {
    }
  }
  // The link breaks, and cannot be dialled.
  void cut(std::size_t wire_index) {
    Wire& wire = wires_[wire_index];
    wire.cut = true;
    if (!wire.open) return;
    wire.open = false;
    for (std::size_t end : {0U, 1U}) {
      for (const std::string& line : wire.toward[end]) counts_.lost += line.starts_with("AT ");
      wire.toward[end].clear();
      End& at = wire.ends[end];
      nodes_[at.server]->wire_of[at.connection.value].reset();
      nodes_[at.server]->server.connection_closed(at.connection, moment_at(now_));
    }
  }
  // The link can be dialled again, and is.
  void mend(std::size_t wire_index) {
    Wire& wire = wires_[wire_index];
    wire.cut = false;
    nodes_[wire.ends[0].server]->server.redial(wire.ends[0].neighbor, moment_at(now_));
  }
  // Time passes; whoever has something to do at some moment does it then.
  void advance(Duration by) {
    const Instant until = now_ + by;
    for (;;) {
      std::optional<Instant> next;
      for (const auto& node : nodes_) {
        const auto deadline = node->server.deadline();
        if (deadline && *deadline <= until && (!next || *deadline < *next)) next = deadline;
      }
      if (!next) break;
      now_ = *next;
      for (auto& node : nodes_) node->server.time_reached(moment_at(now_));
      settle();
    }
    now_ = until;
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  const Server& server(std::uint32_t index) const { return nodes_[index]->server; }
  const MessageCounts& counts() const { return counts_; }
  // Every AT line that some server made of a client's report, newer than its record or not.
  const std::vector<std::string>& heard() const { return heard_; }
  // What a server knows, a line a client.
  std::string knowledge(std::uint32_t index) const {
    std::string out;
    for (const RecordView& record : nodes_[index]->server.records().sorted()) {
      out.append(record.line).append("\n");
    }
    return out;
  }

 private:
  static constexpr ConnectionId kClient{0};
  static constexpr int kDial = -1;

  struct End {
    std::uint32_t server = 0;
    NeighborId neighbor;
    ConnectionId connection;
  };

  // A link: what dials is its end 0.
  struct Wire {
    std::array<End, 2> ends;
    std::array<std::deque<std::string>, 2> toward;  // lines under way, by the end they go to
    bool dialling = false, open = false, cut = false;
  };

  struct Node : Effects, Observer {
    Node(FakeHerd& owner, ServerId id, ServerConfig config, std::vector<std::size_t> neighbor_wires)
        : herd(owner),
          wires(std::move(neighbor_wires)),
          wire_of(1),
          server(id, std::move(config), *this, *this) {
      server.connection_opened(kClient);
    }

    // The lowest id that is free.
    ConnectionId connect(std::size_t wire) {
      std::uint32_t id = 1;
      while (id < wire_of.size() && wire_of[id]) ++id;
      if (id == wire_of.size()) wire_of.emplace_back();
      wire_of[id] = wire;
      return ConnectionId{id};
    }

    void send(ConnectionId to, std::string_view text, std::string_view ending) override {
      if (to == kClient) return;
      EXPECT_EQ(ending, "\n");
      Wire& wire = herd.wires_[wire_of.at(to.value).value()];
      wire.toward[wire.ends[0].server == server.id().value ? 1 : 0].emplace_back(text);
    }
    void send_update(ConnectionId link, const RecordView& report) override {
      send(link, report.line, "\n");
    }
    void close(ConnectionId, CloseReason reason) override { ADD_FAILURE() << to_string(reason); }
    void dial(NeighborId neighbor) override { herd.wires_[wires[neighbor.value]].dialling = true; }
    void became_link(ConnectionId connection, NeighborId neighbor) override {
      EXPECT_EQ(wire_of.at(connection.value), wires.at(neighbor.value));
    }
    void ask_places(QueryId, const PlacesQuestion&) override {}

    void update_heard(ServerId, const RecordView& report, Verdict verdict, Moment) override {
      herd.heard_.emplace_back(report.line);
      if (verdict == Verdict::kTaken) first_from[std::string(report.line)] = std::nullopt;
    }
    void update_sent(ServerId, NeighborId to, const RecordView& report, Moment) override {
      ++herd.counts_.messages;
      const auto first = first_from.find(std::string(report.line));
      ASSERT_NE(first, first_from.end()) << "sent on what it never took";
      herd.counts_.echoes += first->second == to;
    }
    void update_received(ServerId, NeighborId from, const RecordView& report, Verdict verdict,
                         Moment) override {
      herd.counts_.useful += verdict == Verdict::kTaken;
      herd.counts_.duplicates += verdict == Verdict::kHeld;
      herd.counts_.stale += verdict == Verdict::kStale;
      if (verdict == Verdict::kTaken) first_from[std::string(report.line)] = from;
    }
    void abandon_dial(NeighborId) override {}
    void repair_sent(ServerId, NeighborId, const RecordView&, Moment) override {}
    void summary_sent(ServerId, NeighborId, std::size_t, Moment) override {}
    void link_in_step(ServerId, NeighborId, Moment) override {}
    void link_up(ServerId, NeighborId, Moment) override {}
    void link_down(ServerId, NeighborId, Moment) override {}
    void line_refused(ServerId, std::string_view line, const ParseError&, bool) override {
      ADD_FAILURE() << "refused: " << line;
    }
    void query_heard(ServerId, const Whatsat&) override {}

    FakeHerd& herd;
    std::vector<std::size_t> wires;                   // by neighbour
    std::vector<std::optional<std::size_t>> wire_of;  // by connection; 0 is the client's
    std::map<std::string, std::optional<NeighborId>> first_from;
    Server server;
  };

  void answer_dial(Wire& wire, std::size_t index) {
    wire.dialling = false;
    End& dialler = wire.ends[0];
    Server& server = nodes_[dialler.server]->server;
    if (wire.cut) return server.dial_failed(dialler.neighbor, moment_at(now_));
    wire.open = true;
    for (End& end : wire.ends) end.connection = nodes_[end.server]->connect(index);
    nodes_[wire.ends[1].server]->server.connection_opened(wire.ends[1].connection);
    server.dialled(dialler.neighbor, dialler.connection, moment_at(now_));
  }

  void deliver_line(Wire& wire, std::size_t end) {
    const std::string line = std::move(wire.toward[end].front());
    wire.toward[end].pop_front();
    const End& to = wire.ends[end];
    nodes_[to.server]->server.line_received(to.connection, {line, "\n"}, moment_at(now_));
  }

  Choose choose_;
  std::vector<Wire> wires_;
  std::vector<std::unique_ptr<Node>> nodes_;
  MessageCounts counts_;
  std::vector<std::string> heard_;
  Instant now_;
};

}  // namespace herd
