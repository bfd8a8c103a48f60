// A herd of servers with faults, in any order of delivery: once the faults are over, a herd that
// recovers agrees, and every message is accounted for.
//
// The input is a script. Its first line is the number of servers, the scheme, the recovery, the
// order and, at the end, the links as pairs of digits. Every server has a link to the one before
// it, too. Each other line is one step:
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
#include <set>
#include <string>
#include <vector>

#include "tests/core/fake_herd.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

using namespace std::chrono_literals;

struct Setup {
  std::uint32_t servers = 2;
  Scheme scheme = Scheme::kFloodEcho;
  Recovery recovery = Recovery::kNone;
  RecordOrder order = RecordOrder::kClientTime;
  std::vector<Edge> edges;
};

Setup read_setup(std::string_view line) {
  Words words(line);
  Setup out;
  out.servers = 2 + words.below(5);
  if (words.next() == "flood") out.scheme = Scheme::kFlood;
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
            std::nullopt, setup.order) {
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
      herd_.cut(link(words));
      disturbed_ = true;
    } else if (what == "m") {
      herd_.mend(link(words));
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
      // A handshake that is held back for longer than its time-out breaks off.
      disturbed_ = true;
    }
  }

  void end() {
    for (std::uint32_t i = 0; i < setup_.servers; ++i) herd_.revive(i);
    for (std::size_t i = 0; i < setup_.edges.size(); ++i) {
      herd_.hold(i, false);
      herd_.mend(i);
    }
    herd_.settle();
    herd_.advance(30s);
    for (std::uint32_t i = 0; i < setup_.servers; ++i) {
      require(herd_.server(i).all_links_up(), "every link comes up again");
    }
    const MessageCounts& c = herd_.counts();
    if (!killed_) {
      require(c.messages + herd_.costs().repairs == c.useful + c.duplicates + c.stale + c.lost,
              "every message is accounted for", to_string(c));
    }
    if (setup_.recovery == Recovery::kNone && disturbed_) return;
    require(herd_.all_synchronized(), "every link is synchronized");
    for (std::uint32_t i = 1; i < setup_.servers; ++i) {
      require_equal(herd_.knowledge(i), herd_.knowledge(0), "all servers hold the same");
    }
    if (!killed_) {
      require_equal(herd_.knowledge(0), newest_of(herd_.heard(), setup_.order),
                    "they hold the newest report of every client");
    }
    check_flood();
  }

 private:
  std::size_t link(Words& words) const {
    return words.below(static_cast<std::uint32_t>(setup_.edges.size()));
  }
  // A report that meets no fault and no older one takes the messages of the closed form.
  void check_flood() {
    const MessageCounts before = herd_.counts();
    herd_.say(0, "IAMAT a-client-of-its-own +1+1 1479413999");
    herd_.settle();
    const std::uint64_t links = setup_.edges.size(), others = setup_.servers - 1;
    const std::uint64_t both_ways = 2 * links;
    const std::uint64_t right =
        setup_.scheme == Scheme::kFloodEcho ? both_ways : both_ways - others;
    require(herd_.counts().messages - before.messages == right &&
                herd_.counts().useful - before.useful == others,
            "a flood takes the messages of the closed form", to_string(herd_.counts()));
  }

  Setup setup_;
  std::uint64_t choice_ = 0;
  FakeHerd herd_;
  bool disturbed_ = false, killed_ = false;
};

}  // namespace

void one_input(std::string_view input) {
  let_checks_throw();
  constexpr std::size_t kMostSteps = 300;
  Play play(read_setup(take_line_of(input)));
  for (std::size_t i = 0; i < kMostSteps && !input.empty(); ++i) play.step(take_line_of(input));
  play.end();
}

}  // namespace herd::fuzz
