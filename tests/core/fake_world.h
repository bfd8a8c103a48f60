// A world for one server in tests. FakeServer is a server of the paper's herd. Its world only
// records the effects and decisions, one short line each. The world uses no network, and nothing
// blocks.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/effects.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/server.h"
#include "tests/core/fake_authenticator.h"
#include "tests/core/verdict_text.h"

namespace herd {

// The clock of every server at the start of the run. It gives the answers of the protocol's page.
inline constexpr PosixNs kWallAtStart = 1'479'413'884'655'887'836;

inline Moment moment_at(Instant now) {
  return {now, kWallAtStart + now.time_since_epoch().count()};
}

inline std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::kPeerDone:
      return "peer-done";
    case CloseReason::kOverlong:
      return "overlong";
    case CloseReason::kBadHandshake:
      return "bad-handshake";
    case CloseReason::kNotLinked:
      return "not-linked";
    case CloseReason::kRedialled:
      return "redialled";
    case CloseReason::kReplaced:
      return "replaced";
    case CloseReason::kSilent:
      return "silent";
  }
  return "";
}

// Returns the text with visible line endings: <CR> and <LF>.
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

// Records every effect and every decision in their order.
class Trace : public Effects, public Observer {
 public:
  explicit Trace(std::uint8_t links_at_once = 1) : links_at_once_(links_at_once) {}

  // Returns the text recorded since the last call.
  std::string take() { return std::exchange(text_, {}); }
  // Allows sending on this id, and closing it once more.
  void forget(ConnectionId id) { closed_.erase(id.value); }

  void send(ConnectionId to, std::string_view text, std::string_view ending) override {
    check_open(to);
    add({"send ", number(to), " [", visible(text), visible(ending), "]"});
  }
  void send_update(ConnectionId link, const RecordView& report) override {
    check_open(link);
    add({"update ", number(link), " [", report.line, "]"});
  }
  std::uint8_t links_at_once() const override { return links_at_once_; }
  void relay_update(std::span<const ConnectionId> links, const RecordView& report) override {
    if (links.size() == 1) return send_update(links[0], report);
    std::string numbers;
    for (const ConnectionId link : links) {
      check_open(link);
      numbers += number(link) + " ";
    }
    add({"relay ", numbers, "[", report.line, "]"});
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
  void assured_link_speaks(NeighborId neighbor, Instant since, bool after_alive) override {
    add({"speaks ", number(neighbor), " since ",
         std::to_string(since.time_since_epoch() / std::chrono::milliseconds(1)),
         after_alive ? "" : " before ALIVE"});
  }
  void assured_link_looked_at(NeighborId neighbor, Instant since, bool after_alive) override {
    add({"looked at ", number(neighbor), " since ",
         std::to_string(since.time_since_epoch() / std::chrono::milliseconds(1)),
         after_alive ? "" : " before ALIVE"});
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
  void repair_sent(ServerId, NeighborId to, const RecordView& report, Moment) override {
    add({"repair ", number(to), " ", report.client, " ", report.time});
  }
  void summary_sent(ServerId, NeighborId to, std::size_t bytes, Moment) override {
    add({"summary ", number(to), " ", std::to_string(bytes)});
  }
  void link_synchronized(ServerId, NeighborId neighbor, Moment) override {
    add({"in step ", number(neighbor)});
  }
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
  // Checks that the server has not asked to close the connection before.
  void check_open(ConnectionId id) const {
    EXPECT_FALSE(closed_.contains(id.value)) << "connection " << id.value << " was closed";
  }

  std::uint8_t links_at_once_;
  std::string text_;
  std::set<std::uint32_t> closed_;
};

// The paper's Alford, alone in its world. Neighbour 0 is Hamilton, which Alford dials. Neighbour 1
// is Welsh, which dials Alford.
class FakeServer {
 public:
  explicit FakeServer(Scheme scheme = Scheme::kFloodEcho, Recovery recovery = Recovery::kNone,
                      std::optional<KeepAlive> keep_alive = std::nullopt,
                      RecordOrder order = RecordOrder::kClientTime,
                      std::optional<Duration> max_ahead = std::nullopt, RecordLimits limits = {},
                      std::optional<OutboxSpec> outbox = std::nullopt,
                      std::uint8_t links_at_once = 1)
      : trace(links_at_once),
        server(ServerId{0},
               {.name = "Alford",
                .neighbors = {{"Hamilton", true}, {"Welsh", false}},
                .herd = std::make_shared<const HerdConfig>(
                    HerdConfig{.name = "paper",
                               .scheme = scheme,
                               .recovery = recovery,
                               .keep_alive = keep_alive,
                               .order = order,
                               .max_ahead = max_ahead,
                               .authenticator = &authenticator,
                               .servers = std::make_shared<const NameSet>(names()),
                               .record_limits = limits,
                               .map = map(),
                               .trees = std::make_shared<TreeMemo>(*map())}),
                .outbox = outbox},
               trace, trace) {}

  static std::vector<std::string> names() {
    return {"Alford", "Ball", "Hamilton", "Holiday", "Welsh"};
  }
  // Returns the map of the paper's herd.
  static std::shared_ptr<const HerdMap> map() {
    static const auto paper = std::make_shared<const HerdMap>(
        names(),
        std::vector<HerdMap::Link>{
            {0, 2, {}, {}}, {0, 4, {}, {}}, {1, 3, {}, {}}, {1, 4, {}, {}}, {2, 3, {}, {}}});
    return paper;
  }

  Moment moment() const { return moment_at(now); }
  std::string open(std::uint32_t connection) {
    server.connection_opened(ConnectionId{connection});
    return trace.take();
  }
  std::string say(std::uint32_t connection, std::string_view text, std::string_view ending = "\n") {
    server.line_received(ConnectionId{connection}, {text, ending}, moment());
    return trace.take();
  }
  std::string hand_in(std::uint32_t neighbor, const RecordView& report) {
    server.record_received(NeighborId{neighbor}, report, moment());
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
    server.places_answered(QueryId{query}, SharedText(std::string(json)));
    return trace.take();
  }
  std::string start() {
    server.start(moment());
    return trace.take();
  }
  std::string dialled(std::uint32_t neighbor, std::uint32_t connection) {
    server.dialled(NeighborId{neighbor}, ConnectionId{connection}, moment());
    nonces_[connection] = authenticator.last();
    return trace.take();
  }
  // Welsh asks for a link on a connection from outside, with the nonce w.
  std::string ask_link(std::uint32_t connection) {
    const std::string out = say(connection, "LINK paper Welsh Alford w");
    nonces_[connection] = authenticator.last();
    return out;
  }
  // Returns the MAC line by which Welsh proves itself then.
  std::string mac_of_welsh(std::uint32_t connection) {
    return "MAC " + fake_mac("MAC", "Welsh", "Alford", "w", nonces_[connection]);
  }
  // Does both. Returns what the second line brings.
  std::string open_link(std::uint32_t connection) {
    ask_link(connection);
    return say(connection, mac_of_welsh(connection));
  }
  // Returns what that is if there was no link before.
  std::string opened(std::uint32_t connection) {
    const std::string id = std::to_string(connection);
    return "link " + id + " is 1\nsend " + id + " [LINKED paper Alford Welsh " +
           fake_mac("LINKED", "Alford", "Welsh", nonces_[connection], "w") + "<LF>]\nup 1\n";
  }
  // Returns the LINKED by which Hamilton acknowledges a dial, after its nonce h.
  std::string linked_of_hamilton(std::uint32_t connection) {
    return "LINKED paper Hamilton Alford " +
           fake_mac("LINKED", "Hamilton", "Alford", "h", nonces_[connection]);
  }
  // Hamilton sends its nonce and then acknowledges. Returns what the second line brings.
  std::string acknowledge(std::uint32_t connection) {
    say(connection, "NONCE h");
    return say(connection, linked_of_hamilton(connection));
  }
  std::string dial_failed(std::uint32_t neighbor) {
    server.dial_failed(NeighborId{neighbor}, moment());
    return trace.take();
  }
  std::string redial(std::uint32_t neighbor) {
    server.redial(NeighborId{neighbor}, moment());
    return trace.take();
  }
  // Wakes the server once, after the given time.
  std::string advance(Duration by) {
    now += by;
    server.time_reached(moment());
    return trace.take();
  }
  // The same, but also wakes the server at each of its deadlines.
  std::string pass(Duration by) {
    const Instant until = now + by;
    std::string out;
    while (timeout() && now + *timeout() <= until) out += advance(*timeout());
    return out + advance(until - now);
  }
  // Returns the time until the next deadline; nullopt if there is none.
  std::optional<Duration> timeout() const {
    const auto deadline = server.deadline();
    if (!deadline) return std::nullopt;
    return *deadline - now;
  }
  // Completes the handshakes of both links: Hamilton on connection 10, Welsh on connection 11.
  void link_up() {
    start();
    dialled(0, 10);
    acknowledge(10);
    open(11);
    open_link(11);
    EXPECT_TRUE(server.all_links_up());
  }

  Trace trace;
  FakeAuthenticator authenticator;
  Server server;
  Instant now;

 private:
  std::map<std::uint32_t, std::string> nonces_;  // of Alford, by connection
};

}  // namespace herd
