// Complete herds: the number of messages per update, and the same records on all servers in the
// end.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/parse.h"
#include "core/random.h"
#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

struct Graph {
  std::string name;
  std::uint32_t servers = 0;
  std::vector<Edge> edges;
};

Graph ring(std::uint32_t n) {
  Graph out{"ring of " + std::to_string(n), n, {}};
  for (std::uint32_t i = 0; i < n; ++i) out.edges.emplace_back(i, (i + 1) % n);
  return out;
}

Graph line(std::uint32_t n) {
  Graph out{"line of " + std::to_string(n), n, {}};
  for (std::uint32_t i = 1; i < n; ++i) out.edges.emplace_back(i - 1, i);
  return out;
}

Graph star(std::uint32_t n) {
  Graph out{"star of " + std::to_string(n), n, {}};
  for (std::uint32_t i = 1; i < n; ++i) out.edges.emplace_back(i, 0);
  return out;
}

Graph complete(std::uint32_t n) {
  Graph out{"complete of " + std::to_string(n), n, {}};
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < i; ++j) out.edges.emplace_back(i, j);
  }
  return out;
}

Graph tree(std::uint32_t n) {
  Graph out{"tree of " + std::to_string(n), n, {}};
  for (std::uint32_t i = 1; i < n; ++i) out.edges.emplace_back((i - 1) / 2, i);
  return out;
}

// Returns a connected graph: every server has a link to an earlier one, and some pairs have extra
// links.
Graph random_graph(std::uint32_t n, std::uint64_t seed) {
  Graph out{"random of " + std::to_string(n) + ", seed " + std::to_string(seed), n, {}};
  Random random(seed, out.name);
  std::set<Edge> seen;
  const auto link = [&](std::uint64_t a, std::uint64_t b) {
    const Edge edge{static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)};
    if (a == b || !seen.insert(std::minmax(edge.first, edge.second)).second) return;
    out.edges.push_back(edge);
  };
  for (std::uint32_t i = 1; i < n; ++i) {
    const std::uint64_t other = random.below(i);
    random.below(2) == 0 ? link(i, other) : link(other, i);
  }
  for (std::uint64_t more = random.below(2 * n); more > 0; --more) {
    link(random.below(n), random.below(n));
  }
  return out;
}

std::vector<Graph> all_graphs() {
  std::vector<Graph> out;
  for (std::uint32_t n = 3; n <= 12; ++n) out.push_back(ring(n));
  for (const std::uint32_t n : {2U, 3U, 4U, 5U, 9U, 17U}) {
    out.push_back(line(n));
    out.push_back(star(n));
    out.push_back(tree(n));
  }
  for (const std::uint32_t n : {4U, 5U, 6U, 8U, 10U}) out.push_back(complete(n));
  for (const std::uint32_t n : {2U, 4U, 6U, 9U, 13U, 20U}) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) out.push_back(random_graph(n, seed));
  }
  return out;
}

// Returns the counts for one update, by the protocol's table.
MessageCounts closed_form(Scheme scheme, std::uint64_t n, std::uint64_t e) {
  MessageCounts out;
  out.messages = scheme == Scheme::kFloodEcho ? 2 * e : 2 * e - (n - 1);
  out.useful = n - 1;
  out.duplicates = out.messages - out.useful;
  out.echoes = scheme == Scheme::kFloodEcho ? n - 1 : 0;
  return out;
}

MessageCounts operator-(MessageCounts a, const MessageCounts& b) {
  a.messages -= b.messages;
  a.useful -= b.useful;
  a.duplicates -= b.duplicates;
  a.echoes -= b.echoes;
  a.stale -= b.stale;
  a.lost -= b.lost;
  return a;
}

constexpr Scheme kSchemes[] = {Scheme::kFloodEcho, Scheme::kFlood};

struct KnownRow {
  std::string_view name;
  Scheme scheme;
  std::vector<std::size_t> cut;
  std::string_view want;
};

TEST(Flooding, ThePapersHerd) {
  // Alford, Ball, Hamilton, Holiday, Welsh.
  const std::vector<Edge> edges = {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {2, 3}};
  const std::vector<KnownRow> rows = {
      {"the paper's way",
       Scheme::kFloodEcho,
       {},
       "10 messages: 4 useful, 6 duplicates, 4 echoes, 0 stale, 0 lost"},
      {"split horizon",
       Scheme::kFlood,
       {},
       "6 messages: 4 useful, 2 duplicates, 0 echoes, 0 stale, 0 lost"},
      {"the paper's way, a link down",
       Scheme::kFloodEcho,
       {2},
       "8 messages: 4 useful, 4 duplicates, 4 echoes, 0 stale, 0 lost"},
      {"split horizon, a link down",
       Scheme::kFlood,
       {2},
       "4 messages: 4 useful, 0 duplicates, 0 echoes, 0 stale, 0 lost"},
      {"the paper's way, in two parts",
       Scheme::kFloodEcho,
       {2, 4},
       "6 messages: 3 useful, 3 duplicates, 3 echoes, 0 stale, 0 lost"},
      {"alone",
       Scheme::kFloodEcho,
       {0, 1},
       "0 messages: 0 useful, 0 duplicates, 0 echoes, 0 stale, 0 lost"},
  };
  for (const auto& [name, scheme, cut, want] : rows) {
    SCOPED_TRACE(name);
    FakeHerd herd(5, edges, scheme, any_of(1));
    herd.start();
    for (const std::size_t link : cut) herd.cut(link);
    herd.say(0, "IAMAT kiwi +34-118 1");
    herd.settle();
    EXPECT_EQ(to_string(herd.counts()), want);
  }
}

// Neither the server that hears the client nor the order of arrival changes the counts.
TEST(Flooding, ClosedForms) {
  for (const Graph& graph : all_graphs()) {
    for (const Scheme& scheme : kSchemes) {
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(graph.name + ", " + std::string(to_string(scheme)) + ", deliveries " +
                     std::to_string(seed));
        FakeHerd herd(graph.servers, graph.edges, scheme, any_of(seed));
        herd.start();
        for (int update = 1; update <= 2; ++update) {
          const MessageCounts before = herd.counts();
          Random random(seed, "origin");
          herd.say(static_cast<std::uint32_t>(random.below(graph.servers)),
                   "IAMAT kiwi +34-118 " + std::to_string(update));
          herd.settle();
          ASSERT_EQ(to_string(herd.counts() - before),
                    to_string(closed_form(scheme, graph.servers, graph.edges.size())));
        }
        expect_same_everywhere(herd);
      }
    }
  }
}

// Simultaneous updates of several clients cost the same as one after the other.
TEST(Flooding, ClosedFormsOfManyAtOnce) {
  for (const Graph& graph : {ring(5), complete(5), random_graph(9, 7)}) {
    for (const Scheme& scheme : kSchemes) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(graph.name + ", seed " + std::to_string(seed));
        FakeHerd herd(graph.servers, graph.edges, scheme, any_of(seed));
        herd.start();
        Random random(seed, "script");
        constexpr std::uint64_t kClients = 10;
        MessageCounts want;
        for (std::uint64_t client = 0; client < kClients; ++client) {
          herd.say(static_cast<std::uint32_t>(random.below(graph.servers)),
                   "IAMAT phone-" + std::to_string(client) + " +34-118 1");
          for (std::uint64_t i = random.below(8); i > 0; --i) herd.deliver_one();
          const auto one = closed_form(scheme, graph.servers, graph.edges.size());
          want.messages += one.messages;
          want.useful += one.useful;
          want.duplicates += one.duplicates;
          want.echoes += one.echoes;
        }
        herd.settle();
        EXPECT_EQ(to_string(herd.counts()), to_string(want));
        expect_same_everywhere(herd);
      }
    }
  }
}

// Enumerates all sequences of choices. Each run follows a script and takes the first choice after
// the script's end. next() makes the script of the next run; it returns false after the last one.
class EveryChoice {
 public:
  std::uint64_t choose(std::uint64_t possible) {
    if (at_ == script_.size()) script_.push_back({0, possible});
    return script_[at_++].first;
  }
  bool next() {
    at_ = 0;
    while (!script_.empty() && script_.back().first + 1 == script_.back().second) {
      script_.pop_back();
    }
    if (script_.empty()) return false;
    ++script_.back().first;
    return true;
  }

 private:
  // The choice, and the number of choices.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> script_;
  std::size_t at_ = 0;
};

TEST(Flooding, EveryOrderOfDelivery) {
  int all_runs = 0;
  for (const Graph& graph : {line(3), ring(3), ring(4), star(4)}) {
    for (const Scheme& scheme : kSchemes) {
      SCOPED_TRACE(graph.name);
      const std::string want = to_string(closed_form(scheme, graph.servers, graph.edges.size()));
      EveryChoice choices;
      int runs = 0, wrong = 0;
      do {
        bool started = false;
        FakeHerd herd(graph.servers, graph.edges, scheme, [&](std::uint64_t possible) {
          return started ? choices.choose(possible) : 0;
        });
        herd.start();
        started = true;
        herd.say(0, "IAMAT kiwi +34-118 1");
        herd.settle();
        wrong += to_string(herd.counts()) != want;
        ++runs;
      } while (choices.next());
      EXPECT_EQ(wrong, 0) << "of " << runs;
      all_runs += runs;
    }
  }
  EXPECT_GT(all_runs, 1000) << "there is more than one order";
}

// Two updates of one client race. In every order of delivery all servers end with the newer one.
TEST(Convergence, EveryOrderOfARace) {
  for (const Graph& graph : {line(2), line(3)}) {
    for (const Scheme& scheme : kSchemes) {
      for (const auto& [first, second] : {std::pair{"+1+1 1", "+1+1 2"},
                                          {"+1+1 1", "+1+2 1"},
                                          {"+1+1 1", "+1+1 1"},
                                          {"+1+1 1", "+1+1 1.0"}}) {
        SCOPED_TRACE(graph.name + ": " + first + ", " + second);
        EveryChoice choices;
        int wrong = 0;
        do {
          bool started = false;
          FakeHerd herd(graph.servers, graph.edges, scheme, [&](std::uint64_t possible) {
            return started ? choices.choose(possible) : 0;
          });
          herd.start();
          started = true;
          herd.say(0, std::string("IAMAT kiwi ") + first);
          herd.say(graph.servers - 1, std::string("IAMAT kiwi ") + second);
          herd.settle();
          for (std::uint32_t i = 1; i < herd.size(); ++i) {
            wrong += herd.knowledge(i) != herd.knowledge(0);
          }
        } while (choices.next());
        EXPECT_EQ(wrong, 0);
      }
    }
  }
}

std::string random_report(Random& random) {
  static constexpr std::string_view kTimes[] = {"1", "1.0", "2", "2.5", "3", "0.000000001"};
  static constexpr std::string_view kPlaces[] = {"+1+1", "+1-1", "+2+2"};
  std::string out = "IAMAT phone-";
  out += static_cast<char>('0' + random.below(4));
  out.append(" ").append(kPlaces[random.below(3)]).append(" ");
  return out.append(kTimes[random.below(6)]);
}

// Many updates, with ties of every kind, from every server, in any order.
TEST(Convergence, AfterAnyOrderOfManyUpdates) {
  for (const Graph& graph :
       {ring(5), line(4), star(6), complete(4), tree(7), random_graph(10, 3)}) {
    for (const Scheme& scheme : kSchemes) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(graph.name + ", " + std::string(to_string(scheme)) + ", seed " +
                     std::to_string(seed));
        FakeHerd herd(graph.servers, graph.edges, scheme, any_of(seed));
        herd.start();
        Random random(seed, "script");
        for (int i = 0; i < 40; ++i) {
          herd.say(static_cast<std::uint32_t>(random.below(graph.servers)), random_report(random));
          for (std::uint64_t j = random.below(6); j > 0; --j) herd.deliver_one();
        }
        herd.settle();
        expect_same_everywhere(herd);
        EXPECT_EQ(herd.knowledge(0), newest_of(herd.heard()));
        const MessageCounts& c = herd.counts();
        EXPECT_EQ(c.messages, c.useful + c.duplicates + c.stale);
      }
    }
  }
}

// If a link breaks, messages in flight are lost. After it recovers, new updates cross it.
TEST(Links, BreakAndComeBack) {
  for (const Scheme& scheme : kSchemes) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(seed);
      const Graph graph = line(4);
      FakeHerd herd(graph.servers, graph.edges, scheme, any_of(seed));
      herd.start();
      herd.say(0, "IAMAT kiwi +1+1 1");
      herd.cut(1);
      herd.settle();
      EXPECT_EQ(herd.knowledge(0), herd.knowledge(1));
      EXPECT_EQ(herd.knowledge(2), "") << "the paper's herd never makes up for it";
      EXPECT_EQ(herd.knowledge(3), "");
      herd.advance(10s);  // many dials fail meanwhile
      EXPECT_FALSE(herd.server(1).all_links_up());
      herd.mend(1);
      herd.settle();
      EXPECT_TRUE(herd.server(1).all_links_up());
      EXPECT_EQ(herd.knowledge(2), "");
      const MessageCounts before = herd.counts();
      herd.say(3, "IAMAT kiwi +1+1 2");
      herd.settle();
      EXPECT_EQ(to_string(herd.counts() - before), to_string(closed_form(scheme, 4, 3)));
      expect_same_everywhere(herd);
    }
  }
}

// Cuts and mends at random times during floods. Every message is accounted for, the links recover
// without help, and all servers hear later updates.
TEST(Links, SurviveAnyCuts) {
  for (const Graph& graph : {ring(5), complete(4), random_graph(8, 5)}) {
    for (const Scheme& scheme : kSchemes) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(graph.name + ", seed " + std::to_string(seed));
        FakeHerd herd(graph.servers, graph.edges, scheme, any_of(seed));
        herd.start();
        Random random(seed, "script");
        for (int i = 0; i < 60; ++i) {
          herd.say(static_cast<std::uint32_t>(random.below(graph.servers)), random_report(random));
          for (std::uint64_t j = random.below(6); j > 0; --j) herd.deliver_one();
          const std::size_t link = random.below(graph.edges.size());
          const std::uint64_t fate = random.below(6);
          if (fate == 0) herd.cut(link);
          if (fate == 1) herd.mend(link);
          if (fate == 2)
            herd.advance(Duration(static_cast<std::int64_t>(random.below(50'000'000))));
        }
        for (std::size_t link = 0; link < graph.edges.size(); ++link) herd.mend(link);
        herd.settle();
        // If the next LINK overtakes an earlier one, both connections end, and a back-off follows.
        herd.advance(1s);
        for (std::uint32_t i = 0; i < herd.size(); ++i) EXPECT_TRUE(herd.server(i).all_links_up());
        herd.say(0, "IAMAT phone-0 +9+9 9");
        herd.settle();
        for (std::uint32_t i = 0; i < herd.size(); ++i) {
          EXPECT_NE(herd.knowledge(i).find("phone-0 +9+9 9\n"), std::string::npos);
        }
        const MessageCounts& c = herd.counts();
        EXPECT_EQ(c.messages, c.useful + c.duplicates + c.stale + c.lost);
      }
    }
  }
}

}  // namespace
}  // namespace herd
