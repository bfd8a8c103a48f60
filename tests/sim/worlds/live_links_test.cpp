#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/limits.h"
#include "sim/worlds/live/link_authenticator.h"
#include "sim/worlds/live/live_herd.h"
#include "tests/sim/worlds/live_herd_support.h"

namespace sim {
namespace {

using test::iamat;
using test::kSecret;
using test::kTiny;
using test::LiveHerdTest;
using test::make_spec;
using test::pair;
using test::paper;
using test::Socket;

using LiveLinksTest = LiveHerdTest;

TEST_F(LiveLinksTest, LinksAreProvenAtBothEnds) {
  make(paper(herd::Scheme::kFloodEcho));
  EXPECT_FALSE(herd_->ready());
  EXPECT_EQ(herd_->links_missing(),
            "Alford - Hamilton, Alford - Welsh, Ball - Holiday, Ball - Welsh, Hamilton - Holiday");
  herd_->start();
  ASSERT_TRUE(run_until([&] { return proven_ == 10; }));
  EXPECT_TRUE(herd_->ready());
  EXPECT_EQ(herd_->links_missing(), "");
  EXPECT_EQ(seen_.ups, 10U);
  EXPECT_EQ(seen_.downs, 0U);
  expect_exact_wire_bytes();
}

TEST_F(LiveLinksTest, CutLinkLosesWhatWasInFlightAndComesBackWhenRestored) {
  start(pair());
  Socket phone = client(0);
  phone.send(iamat("lost", 1));
  // Turn by turn: what is written at the end of one is read in the next at the earliest.
  ASSERT_TRUE(run_until([&] { return seen_.messages_sent == 1; }));
  ASSERT_EQ(seen_.messages_received, 0U);
  herd_->apply(CutLink{0, CutHow::kClose});
  herd_->apply(CutLink{0, CutHow::kClose});
  EXPECT_EQ(seen_.downs, 2U) << "once at each end";
  EXPECT_FALSE(herd_->ready());
  EXPECT_EQ(herd_->links_missing(), "Alford - Welsh");

  // Not dialled while it is cut, however often the back-off passes.
  int tries = 0;
  auto deadline = server(0).core().deadline();
  ASSERT_TRUE(deadline);
  ASSERT_TRUE(run_until([&] {
    const auto next = server(0).core().deadline();
    if (next && next != deadline) {
      ++tries;
      deadline = next;
    }
    return tries == 4;
  }));
  EXPECT_EQ(seen_.ups, 2U);
  EXPECT_EQ(seen_.messages_received, 0U);
  EXPECT_EQ(known(1), 0U);
  // Messages in flight had gone out, and count.
  expect_exact_wire_bytes();

  // Sent while the link is down: not even tried.
  phone.send(iamat("untold", 2));
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 2; }));
  EXPECT_EQ(seen_.messages_sent, 1U);

  // Restored, it is dialled at once: no back-off is waited for.
  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(server(0).core().deadline());
  EXPECT_GT(*server(0).core().deadline() - *deadline, herd::kLastBackoff) << "a dial's, no wait's";
  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  EXPECT_EQ(seen_.ups, 4U);
  const std::uint64_t handshakes = handshake_size("Alford", "Welsh", true);
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            2 * handshakes + seen_.sent[std::pair(0, 0)].bytes);

  phone.send(iamat("told", 3));
  ASSERT_TRUE(run_until([&] { return known(1) == 1; }));
  EXPECT_EQ(known(0), 3U);
  EXPECT_EQ(server(1).core().records().sorted()[0].client, "told");
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            2 * handshakes + seen_.sent[std::pair(0, 0)].bytes);
}

TEST_F(LiveLinksTest, CutLinkLosesWhatWasNotEvenWritten) {
  start(pair());
  Socket phone = client(0);
  // Done before the turn's writes.
  seen_.on_sent = [&] { loop_->defer([&] { herd_->apply(CutLink{0, CutHow::kClose}); }); };
  phone.send(iamat("lost", 1));
  ASSERT_TRUE(run_until([&] { return seen_.downs == 2; }));
  // It was handed to the link all the same.
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            handshake_size("Alford", "Welsh", true) + seen_.sent[std::pair(0, 0)].bytes);
  ASSERT_TRUE(run_until_lines(phone, 1));
  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  EXPECT_EQ(seen_.messages_received, 0U);
  EXPECT_EQ(known(1), 0U);
}

TEST_F(LiveLinksTest, LinkCutBeforeItStoodIsNotMade) {
  make(make_spec({"A", "B", "C"}, {{0, 1}, {0, 2}, {1, 2}}));
  herd_->apply(CutLink{1, CutHow::kClose});
  herd_->start();
  herd_->apply(CutLink{0, CutHow::kClose});  // in the midst of its dialling
  ASSERT_TRUE(run_until([&] { return herd_->links_missing() == "A - B, A - C"; }));
  for (int i = 0; i < 50; ++i) turn();
  EXPECT_EQ(herd_->links_missing(), "A - B, A - C");
  Socket phone = client(0);
  phone.send(iamat("kiwi", 1));
  ASSERT_TRUE(run_until_lines(phone, 1));
  EXPECT_EQ(seen_.messages_sent, 0U);
  herd_->apply(RestoreLink{0});
  herd_->apply(RestoreLink{1});
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  phone.send(iamat("kiwi", 2));
  ASSERT_TRUE(run_until([&] { return known(1) == 1 && known(2) == 1; }));
}

TEST_F(LiveLinksTest, OneEndThatFailsIsDialledAgain) {
  const Socket listener = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  make(spec_, {}, {"Alford"});
  herd_->start();
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
    ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
    EXPECT_EQ(seen_.ups, round);
    if (round == 2) welsh.end();  // a half-close is the end of a link too
    if (round != 2) welsh.close();
    ASSERT_TRUE(run_until([&] { return seen_.downs == round; }));
    ASSERT_TRUE(round != 2 || run_until_ended(welsh));
  }
  const std::size_t handshake = handshake_size("Alford", "Welsh", true);
  // It may have been dialled again since, which begins with one line.
  ASSERT_GE(server(0).way(kFirst).bytes_handed(), 3 * handshake);
  EXPECT_EQ((server(0).way(kFirst).bytes_handed() - 3 * handshake) % link("Alford", "Welsh").size(),
            0U);
}

TEST_F(LiveLinksTest, WrongHandshakeIsAnsweredAndClosed) {
  start(make_spec({"A", "B", "C"}, {{0, 1}, {1, 2}}));
  const std::vector<std::string> wrong_links = {
      "LINK other A B n", "LINK test A C n", "LINK test B B n", "LINK test D B n",
      "LINK test C B n",  // B dials C, never the other way
  };
  for (const std::string& line : wrong_links) {
    for (const char* ending : {"\n", "\r\n"}) {
      SCOPED_TRACE(line);
      Socket stranger = client(1);
      stranger.send(line + ending + iamat("stranger", 1));
      EXPECT_TRUE(run_until_ended(stranger));
      EXPECT_EQ(stranger.text(), "? " + line + ending);
      EXPECT_FALSE(stranger.was_reset());
    }
  }
  const std::string other_nonce(64, '8');
  const std::vector<std::function<std::string(const std::string&)>> wrong_macs = {
      [&](const std::string&) { return std::string("MAC 00"); },
      [&](const std::string& theirs) {
        return "MAC " + LinkAuthenticator("another secret of some length")
                            .mac({"MAC", "test", "A", "B", nonce(), theirs});
      },
      [&](const std::string& theirs) { return "MAC " + mac("MAC", "B", "A", theirs); },
      [&](const std::string& theirs) { return "MAC " + mac("LINKED", "A", "B", theirs); },
      [&](const std::string&) { return "MAC " + mac("MAC", "A", "B", other_nonce); },
      [&](const std::string& theirs) { return "MAC " + mac("MAC", "A", "B", theirs) + '0'; },
      [&](const std::string& theirs) { return "MAC " + mac("MAC", "A", "B", theirs).substr(1); },
      [&](const std::string&) { return std::string("AT A +0.5 kiwi +34-118 1479413884.5"); },
  };
  for (const auto& wrong : wrong_macs) {
    Socket stranger = client(1);
    const std::string line = wrong(ask_link(stranger, "A", "B"));
    SCOPED_TRACE(line);
    stranger.send(line + "\r\n" + iamat("stranger", 1));
    EXPECT_TRUE(run_until_ended(stranger));
    EXPECT_EQ(stranger.text(), "? " + line + "\r\n");
    EXPECT_FALSE(stranger.was_reset());
  }
  EXPECT_EQ(seen_.refused, 2 * wrong_links.size() + wrong_macs.size());
  EXPECT_EQ(seen_.accepted, 0U);
  EXPECT_EQ(seen_.ups, 4U);
  EXPECT_EQ(seen_.downs, 0U);
  EXPECT_TRUE(herd_->ready());
}

TEST_F(LiveLinksTest, OnlyAProvenLinkMaySayAt) {
  start(pair());
  const std::string at = "AT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5";
  Socket phone = client(1);
  phone.send(at + "\r\n" + link("Alford", "Welsh") + "LINKED\n");
  // A LINK that is not the first line is a bad command and no more.
  EXPECT_TRUE(run_until_text(phone, "? " + at + "\r\n? " + link("Alford", "Welsh") + "? LINKED\n"));
  EXPECT_EQ(known(1), 0U);
  EXPECT_EQ(seen_.ups, 2U);
}

TEST_F(LiveLinksTest, WrongAcknowledgementIsNoLink) {
  const Socket listener = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  make(spec_, {}, {"Alford"});
  herd_->start();
  const std::vector<std::string> wrong = {
      "LINKED test Welsh Alford 00\n",
      linked("Welsh", "Alford", nonce()),
      link("Welsh", "Alford"),
      "\n",
      "NONCE\n",
      "AT Welsh +0.5 kiwi +34.068930-118.445127 1479413884.5\n"};
  for (const std::string& line : wrong) {
    SCOPED_TRACE(line);
    std::optional<Socket> welsh;
    ASSERT_TRUE(run_until([&] { return (welsh = listener.take_caller()).has_value(); }));
    welsh->send(line);
    EXPECT_TRUE(run_until_ended(*welsh));
    EXPECT_EQ(welsh->lines(), 1U) << "a link never answers";
    EXPECT_EQ(seen_.ups, 0U);
  }
  for (const std::string line : {"LINKED test Welsh Alford 00\n", "NONCE x\n", "\n"}) {
    std::optional<Socket> welsh;
    ASSERT_TRUE(run_until([&] { return (welsh = listener.take_caller()).has_value(); }));
    hear_dialler(*welsh, "Alford", "Welsh");
    welsh->send(line);
    EXPECT_TRUE(run_until_ended(*welsh));
    EXPECT_EQ(welsh->text(), "") << "a link never answers";
    EXPECT_EQ(seen_.ups, 0U);
  }
  EXPECT_EQ(seen_.refused_on_link, wrong.size() + 3);
  EXPECT_EQ(known(0), 0U);
  // Its timeout has not passed.
  const Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
  EXPECT_TRUE(run_until([&] { return herd_->ready(); }));
}

TEST_F(LiveLinksTest, NeighbourThatDialsAgainReplacesItsLink) {
  make(pair(), {}, {"Welsh"});
  herd_->start();
  Socket first = Socket::dial(herd_->port(1));
  open_link(first, "Alford", "Welsh");
  Socket second = Socket::dial(herd_->port(1));
  open_link(second, "Alford", "Welsh");
  EXPECT_TRUE(run_until_ended(first));
  first.close();
  EXPECT_EQ(seen_.ups, 2U);
  EXPECT_EQ(seen_.downs, 1U);
  EXPECT_TRUE(herd_->ready());
  // A bad line on a link is counted, and never answered; a good one is taken.
  second.send("what?\nAT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5\n");
  ASSERT_TRUE(run_until([&] { return known(1) == 1; }));
  EXPECT_EQ(seen_.refused_on_link, 1U);
  EXPECT_TRUE(run_until_text(second, "AT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5\n"));
  ASSERT_TRUE(run_until([&] {
    return server(1).way(kFirst).bytes_handed() == handshake_size("Welsh", "Alford", false) +
                                                       linked("Welsh", "Alford", "").size() +
                                                       second.text().size();
  }));
}

TEST_F(LiveLinksTest, LinkWithTooMuchUnsentIsDroppedAndDialledAgain) {
  const Socket listener = Socket::listening(kTiny);
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  LiveLimits limits;
  limits.link_unsent = 256 * 1024;
  make(spec_, limits, {"Alford"});
  herd_->start();
  Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));

  // Welsh reads no more. Long ids, so that a few thousand updates are megabytes.
  Socket phone = client(0);
  const std::string id(4000, 'k');
  int time = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    phone.take();
    phone.forget();
    if (rest.empty()) rest = iamat(id, ++time);
    rest.erase(0, phone.send_some(rest));
    return server(0).stats().links_overflowed == 1;
  }));
  EXPECT_EQ(seen_.downs, 1U);
  EXPECT_FALSE(herd_->ready());
  EXPECT_EQ(server(0).stats().clients_dropped, 0U);
  EXPECT_TRUE(run_until_ended(welsh));
  EXPECT_LT(welsh.text().size(), seen_.sent[std::pair(0, 0)].bytes);
  // All of it was handed to the link. It may have been dialled again since, which begins with one
  // line.
  const std::size_t handshake = handshake_size("Alford", "Welsh", true);
  const std::uint64_t others =
      server(0).way(kFirst).bytes_handed() - seen_.sent[std::pair(0, 0)].bytes;
  ASSERT_GE(others, handshake);
  EXPECT_EQ((others - handshake) % link("Alford", "Welsh").size(), 0U);

  Socket again = prove_to_dialler(listener, "Alford", "Welsh");
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  EXPECT_EQ(seen_.ups, 2U);
  // The client was not disturbed.
  phone.send(rest + iamat(id, 1'000'000));
  ASSERT_TRUE(run_until([&] {
    phone.take();
    again.take();
    return again.text().find("1480413884.5\n") != std::string::npos;
  }));
}

}  // namespace
}  // namespace sim
