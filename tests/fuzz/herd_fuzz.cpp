// A herd of servers with faults, in any order of delivery: every update costs and reaches what its
// scheme's row in the catalogue says; once the faults are over, a herd that recovers agrees, and
// every message is accounted for.
//
// The input is a script. Its first line is the number of servers, the scheme, the recovery, the
// order and, at the end, the links as pairs of digits. Every server has a link to the one before
// it, too. Then come the lines of scheme_script.h, and perhaps `e MS`: the endpoints of links
// compare a second and so many milliseconds after each comparison. Each other line is one step:
//   s SERVER CLIENT TIME    a client reports
//   d N                     delivers one of the lines in flight, chosen by N
//   a                       delivers all lines in flight
//   c LINK, m LINK          breaks a link, mends it
//   h LINK, u LINK          holds a link back, lets it go on
//   k SERVER, v SERVER      kills a server, starts it again
//   t MS                    time passes
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/schemes/gossip.h"
#include "core/schemes/plumtree.h"
#include "tests/core/fake_herd.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scheme_script.h"

namespace herd::fuzz {
namespace {

using namespace std::chrono_literals;

struct Setup {
  std::uint32_t servers = 2;
  Scheme scheme = Scheme::kFloodEcho;
  std::optional<OutboxSpec> outbox;
  Recovery recovery = Recovery::kNone;
  std::optional<Duration> compare_every;
  RecordOrder order = RecordOrder::kClientTime;
  std::vector<Edge> edges;
};

// Removes what it reads from the script.
Setup read_setup(std::string_view& script) {
  Words words(take_line_of(script));
  Setup out;
  out.servers = 2 + words.below(5);
  out.scheme = scheme_of(words.next(), Scheme::kFloodEcho);
  if (words.next() == "sync") out.recovery = Recovery::kSync;
  if (words.next() == "server-time") out.order = RecordOrder::kServerTime;
  std::set<Edge> seen;
  const auto link = [&](std::uint32_t a, std::uint32_t b) {
    if (a != b && seen.insert(std::minmax(a, b)).second) out.edges.emplace_back(a, b);
  };
  for (std::uint32_t i = 1; i < out.servers; ++i) link(i - 1, i);
  for (std::string_view pair = words.next(); pair.size() >= 2; pair = words.next()) {
    const auto digit = [&](char c) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(c)) % out.servers;
    };
    link(digit(pair[0]), digit(pair[1]));
  }
  read_scheme(script, out.scheme, out.outbox, out.recovery);
  if (script.starts_with("e ")) {
    Words every(take_line_of(script).substr(2));
    if (out.recovery == Recovery::kSync) out.compare_every = 1s + every.below(4'000) * 1ms;
  }
  return out;
}

// FakeHerd checks with GoogleTest's macros, which throw here and so end the process.
void let_checks_throw() {
  static const bool done = [] {
    int argc = 1;
    static char name[] = "herd_fuzz";
    char* argv[] = {name, nullptr};
    testing::InitGoogleTest(&argc, argv);
    GTEST_FLAG_SET(throw_on_failure, true);
    return true;
  }();
  require(done, "GoogleTest is set up");
}

class Play {
 public:
  explicit Play(const Setup& setup)
      : setup_(setup),
        herd_(
            setup.servers, setup.edges, setup.scheme,
            [this](std::uint64_t possible) { return choice_++ % possible; }, setup.recovery,
            std::nullopt, setup.order),
        cut_(setup.edges.size()) {
    if (setup.outbox) herd_.collect(*setup.outbox);
    if (setup.compare_every) herd_.compare_every(*setup.compare_every);
    herd_.start();
  }

  void step(std::string_view line) {
    Words words(line);
    const std::string_view what = words.next();
    if (what == "s") {
      const std::uint32_t server = words.below(setup_.servers);
      const std::uint32_t client = words.below(40), time = words.below(20);
      herd_.say(server, "IAMAT phone-" + std::to_string(client) + " +34.068930-118.445127 " +
                            std::to_string(1'479'413'884 + time));
    } else if (what == "d") {
      choice_ = words.below(1'000);
      herd_.deliver_one();
    } else if (what == "a") {
      herd_.settle();
    } else if (what == "c") {
      cut(link(words));
    } else if (what == "m") {
      mend(link(words));
    } else if (what == "h") {
      herd_.hold(link(words));
    } else if (what == "u") {
      herd_.hold(link(words), false);
    } else if (what == "k") {
      herd_.kill(words.below(setup_.servers));
      disturbed_ = killed_ = true;
    } else if (what == "v") {
      herd_.revive(words.below(setup_.servers));
    } else if (what == "t") {
      herd_.advance(std::chrono::milliseconds(words.below(3'000)));
    }
  }

  void end() {
    // What is cut and dead stays so for a while: the rest of the herd goes on.
    for (std::size_t i = 0; i < setup_.edges.size(); ++i) herd_.hold(i, false);
    herd_.settle();
    herd_.advance(kCalm);
    check_links();
    if (disturbed_) check_updates();
    for (std::uint32_t i = 0; i < setup_.servers; ++i) herd_.revive(i);
    for (std::size_t i = 0; i < setup_.edges.size(); ++i) mend(i);
    herd_.settle();
    herd_.advance(kCalm);
    check_links();
    check_agreement();
    check_updates();
  }

 private:
  // Longer than any timer: the dials' back-off, the time-outs of handshakes, and what
  // scheme_script.h allows.
  static constexpr Duration kCalm = 30s;
  // An update's time: rounds, grafts and comparisons, one after the other through the herd.
  static constexpr Duration kTravel = 15s;

  std::size_t link(Words& words) const {
    return words.below(static_cast<std::uint32_t>(setup_.edges.size()));
  }
  void cut(std::size_t link) {
    herd_.cut(link);
    cut_[link] = disturbed_ = true;
  }
  void mend(std::size_t link) {
    herd_.mend(link);
    cut_[link] = false;
  }

  void check_links() const {
    for (std::size_t i = 0; i < setup_.edges.size(); ++i) {
      const auto [first, second] = setup_.edges[i];
      const bool can = !cut_[i] && herd_.lives(first) && herd_.lives(second);
      require(herd_.link_is_up(i) == can, "a link is up if it can be");
    }
    for (std::uint32_t i = 0; i < setup_.servers; ++i) {
      require(!herd_.lives(i) || herd_.server(i).is_quiet(), "servers come to rest");
    }
  }

  // Precondition: all servers live, and no link is cut.
  void check_agreement() {
    const MessageCounts& c = herd_.counts();
    if (!killed_) {
      require(c.messages + herd_.costs().repairs == c.useful + c.duplicates + c.stale + c.lost,
              "every message is accounted for", to_string(c));
    }
    if (setup_.recovery == Recovery::kNone && disturbed_) return;
    require(herd_.all_synchronized(), "every link is synchronized");
    if (!bounds(part_of(0)).covers) return;
    for (std::uint32_t i = 1; i < setup_.servers; ++i) {
      require_equal(herd_.knowledge(i), herd_.knowledge(0), "all servers hold the same");
    }
    if (!killed_) {
      require_equal(herd_.knowledge(0), newest_of(herd_.heard(), setup_.order),
                    "they hold the newest report of every client");
    }
  }

  // Returns the servers that this one reaches. Precondition: it lives.
  std::set<std::uint32_t> part_of(std::uint32_t server) const {
    std::set<std::uint32_t> part{server};
    for (std::size_t before = 0; before != part.size();) {
      before = part.size();
      for (std::size_t i = 0; i < setup_.edges.size(); ++i) {
        const auto [first, second] = setup_.edges[i];
        if (!herd_.link_is_up(i)) continue;
        if (part.contains(first) || part.contains(second)) part.insert({first, second});
      }
    }
    return part;
  }
  UpdateBounds bounds(const std::set<std::uint32_t>& part) const {
    HerdPart counted{part.size(), 0, 0};
    std::vector<std::uint64_t> neighbors(setup_.servers);
    for (std::size_t i = 0; i < setup_.edges.size(); ++i) {
      const auto [first, second] = setup_.edges[i];
      ++neighbors[first];
      ++neighbors[second];
      counted.links += herd_.link_is_up(i) && part.contains(first);
    }
    for (const std::uint32_t server : part) {
      counted.most_neighbors = std::max(counted.most_neighbors, neighbors[server]);
    }
    return setup_.scheme.info().bounds(setup_.scheme, counted);
  }

  // Reports that meet no fault and no older one take the messages of the scheme's row, and reach
  // the servers that it says.
  void check_updates() {
    std::uint32_t from = 0;
    while (from < setup_.servers && !herd_.lives(from)) ++from;
    if (from == setup_.servers) return;
    const std::set<std::uint32_t> part = part_of(from);
    for (int i = 0; i < 3; ++i) check_update(from, part);
    if (&setup_.scheme.info() == &kPlumtreeInfo) check_tree(from, part);
  }
  void check_update(std::uint32_t from, const std::set<std::uint32_t>& part) {
    const MessageCounts before = herd_.counts();
    const std::string client = report_anew(from);
    herd_.settle();
    herd_.advance(kTravel);
    const UpdateBounds right = bounds(part);
    for (const std::uint32_t server : part) {
      require(!right.covers || holds(server, client), "an update reaches all servers", client);
    }
    if (compares()) return;
    const std::uint64_t messages = herd_.counts().messages - before.messages;
    require(messages <= right.most_messages, "an update takes no more messages than its bound",
            to_string(herd_.counts()));
    if (!right.exact || setup_.outbox) return;
    require(messages == right.exact->messages &&
                herd_.counts().echoes - before.echoes == right.exact->echoes,
            "an update takes the messages of the closed form", to_string(herd_.counts()));
  }
  // Servers have found a tree: at once, an update takes a message for each server.
  void check_tree(std::uint32_t from, const std::set<std::uint32_t>& part) {
    if (setup_.outbox || compares()) return;
    const MessageCounts before = herd_.counts();
    const std::string client = report_anew(from);
    herd_.settle();
    for (const std::uint32_t server : part) {
      require(holds(server, client), "a tree brings an update without a time-out", client);
    }
    require(herd_.counts().messages - before.messages == part.size() - 1,
            "an update on a tree takes a message for each server", to_string(herd_.counts()));
  }
  // A client that no server knows reports. Returns its id.
  std::string report_anew(std::uint32_t server) {
    std::string client = "a-client-of-its-own-" + std::to_string(next_client_++);
    herd_.say(server, "IAMAT " + client + " +1+1 1479413999");
    return client;
  }
  bool holds(std::uint32_t server, std::string_view client) const {
    return herd_.server(server).records().find(client) != nullptr;
  }
  // Comparisons bring records too.
  bool compares() const {
    if (setup_.compare_every) return true;
    return &setup_.scheme.info() == &kGossipInfo && setup_.scheme.duration("pull").has_value();
  }

  Setup setup_;
  std::uint64_t choice_ = 0;
  FakeHerd herd_;
  std::vector<bool> cut_;  // by link
  bool disturbed_ = false, killed_ = false;
  int next_client_ = 0;
};

}  // namespace

void one_input(std::string_view input) {
  let_checks_throw();
  constexpr std::size_t kMostSteps = 300;
  Play play(read_setup(input));
  for (std::size_t i = 0; i < kMostSteps && !input.empty(); ++i) play.step(take_line_of(input));
  play.end();
}

}  // namespace herd::fuzz
