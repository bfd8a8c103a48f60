// When an endpoint of a link sends ALIVE, and when it closes the link because its neighbour is
// silent.
#include "core/keep_alive.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/limits.h"
#include "tests/core/fake_herd.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::chrono_literals;
using Due = LinkWatch::Due;

constexpr KeepAlive kRule{1s, 3s};
constexpr Instant kStart{100s};

LinkWatch started() {
  LinkWatch watch;
  watch.start(kStart);
  return watch;
}

TEST(LinkWatch, SpeaksWhenItHasSaidNothing) {
  LinkWatch watch = started();
  EXPECT_EQ(watch.next(kRule), kStart + 1s);
  EXPECT_EQ(watch.judge(kRule, kStart + 1s - 1ns, 0s), Due::kNothing);
  EXPECT_EQ(watch.judge(kRule, kStart + 1s, 0s), Due::kAlive);
  watch.said(kStart + 500ms);
  EXPECT_EQ(watch.judge(kRule, kStart + 1s, 0s), Due::kNothing);
  EXPECT_EQ(watch.next(kRule), kStart + 1500ms);
}

TEST(LinkWatch, FindsSilenceOut) {
  LinkWatch watch = started();
  watch.heard(kStart + 400ms);
  watch.said(kStart + 3s);
  EXPECT_EQ(watch.next(kRule), kStart + 3400ms);
  EXPECT_EQ(watch.judge(kRule, kStart + 3400ms - 1ns, 0s), Due::kNothing);
  EXPECT_EQ(watch.judge(kRule, kStart + 3400ms, 0s), Due::kSilent);
  watch.heard(kStart + 3399ms);
  EXPECT_EQ(watch.judge(kRule, kStart + 3400ms, 0s), Due::kNothing);
}

TEST(LinkWatch, OwnPauseIsNotTheNeighboursSilence) {
  for (const Duration pause : {501ms, 2000ms, 2999ms, 3000ms, 10'000ms, 3'600'000ms}) {
    SCOPED_TRACE(pause / 1ms);
    LinkWatch watch = started();
    const Instant woken = kStart + 1s + pause;  // it wanted to wake after a second
    EXPECT_EQ(watch.judge(kRule, woken, pause), Due::kAlive);
    watch.said(woken);
    EXPECT_GE(watch.next(kRule), woken + 1s) << "there is time to read what came";
    EXPECT_LE(watch.next(kRule), woken + 3s);
    // If nothing had come, the silence before and after the pause counts.
    EXPECT_EQ(watch.judge(kRule, woken + 3s, 0s), Due::kSilent);
    watch.heard(woken + 10ms);
    EXPECT_EQ(watch.judge(kRule, woken + 3s, 0s), Due::kAlive) << "it had";
    EXPECT_EQ(watch.judge(kRule, woken + 10ms + 3s, 0s), Due::kSilent) << "the pause is forgotten";
  }
}

TEST(LinkWatch, PauseAtTheVeryEndStillLeavesTimeToRead) {
  LinkWatch watch = started();
  const Instant woken = kStart + 3s + 700ms;
  EXPECT_NE(watch.judge(kRule, woken, 700ms), Due::kSilent);
  watch.said(woken);
  EXPECT_EQ(watch.next(kRule), woken + 1s);
  EXPECT_EQ(watch.judge(kRule, woken + 1s, 0s), Due::kSilent);
}

TEST(LinkWatch, LittleLatenessChangesNothing) {
  LinkWatch watch = started();
  EXPECT_EQ(watch.judge(kRule, kStart + 3s, 500ms), Due::kSilent);
}

// A server that is always late still finds a dead link.
TEST(LinkWatch, AlwaysLateStillFindsOut) {
  for (const Duration late : {100ms, 499ms, 501ms, 999ms, 1000ms, 5000ms, 100'000ms}) {
    SCOPED_TRACE(late / 1ms);
    LinkWatch watch = started();
    Instant now = kStart;
    int looks = 0;
    Due due = Due::kNothing;
    while (due != Due::kSilent && looks < 100) {
      now = watch.next(kRule) + late;
      due = watch.judge(kRule, now, late);
      if (due == Due::kAlive) watch.said(now);
      ++looks;
    }
    EXPECT_LE(looks, 5);
    EXPECT_GE(now - kStart, 3s);
  }
}

class KeepAliveServer : public FakeServer {
 public:
  KeepAliveServer() : FakeServer(Scheme::kFlood, Recovery::kNone, kRule) { link_up(); }
};

TEST(KeepAliveLink, SaysAliveAndIsNotAnswered) {
  KeepAliveServer world;
  EXPECT_EQ(world.timeout(), 1s);
  EXPECT_EQ(world.advance(1s - 1ns), "");
  EXPECT_EQ(world.advance(1ns), "send 10 [ALIVE<LF>]\nsend 11 [ALIVE<LF>]\n");
  EXPECT_EQ(world.say(10, "ALIVE"), "");
  EXPECT_EQ(world.say(11, "ALIVE"), "");
  EXPECT_EQ(world.advance(1s), "send 10 [ALIVE<LF>]\nsend 11 [ALIVE<LF>]\n");
}

TEST(KeepAliveLink, AnyLineIsASignOfLifeEitherWay) {
  KeepAliveServer world;
  EXPECT_EQ(world.pass(900ms), "");
  EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"),
            "received 0 taken c 2\nsent 1 c 2\nupdate 11 [AT Ball +1 c +0+0 2]\n");
  EXPECT_EQ(world.pass(100ms), "send 10 [ALIVE<LF>]\n") << "to Welsh something was said";
  EXPECT_EQ(world.pass(900ms), "send 11 [ALIVE<LF>]\n");
  EXPECT_EQ(world.say(11, "nonsense"), "refused on a link: unknown-command @0 'nonsense'\n");
  // Hamilton's last line came at 0.9 s, Welsh's at 1.9 s; it is 1.9 s now.
  EXPECT_EQ(world.pass(2s - 1ns),
            "send 10 [ALIVE<LF>]\nsend 11 [ALIVE<LF>]\n"
            "send 10 [ALIVE<LF>]\n");
  EXPECT_EQ(world.pass(1ns), "down 0\nclose 10 silent\nsend 11 [ALIVE<LF>]\n");
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
}

TEST(KeepAliveLink, SilentOneIsTakenDownAndDialledAgain) {
  KeepAliveServer world;
  const std::string seen = world.pass(3s);
  EXPECT_NE(seen.find("down 0\nclose 10 silent\n"), std::string::npos) << seen;
  EXPECT_NE(seen.find("down 1\nclose 11 silent\n"), std::string::npos) << seen;
  EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"), "") << "it is over";
  EXPECT_EQ(world.gone(10), "");
  EXPECT_EQ(world.gone(11), "");
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n") << "Welsh dials itself";
}

TEST(KeepAliveLink, OwnPauseDoesNotEndIt) {
  KeepAliveServer world;
  EXPECT_EQ(world.advance(1h), "send 10 [ALIVE<LF>]\nsend 11 [ALIVE<LF>]\n");
  world.say(10, "ALIVE");
  world.say(11, "ALIVE");
  EXPECT_EQ(world.advance(1s), "send 10 [ALIVE<LF>]\nsend 11 [ALIVE<LF>]\n");
  EXPECT_TRUE(world.server.all_links_up());
}

TEST(KeepAliveLink, ClientsMayNotSayIt) {
  KeepAliveServer world;
  world.open(0);
  EXPECT_EQ(world.say(0, "ALIVE"), "refused: unknown-command @0 'ALIVE'\nsend 0 [? ALIVE<LF>]\n");
}

TEST(KeepAliveLink, AnAssuredOneIsLeftToTheWorld) {
  KeepAliveServer world;
  world.server.assure_link(NeighborId{0}, world.moment());
  world.server.assure_link(NeighborId{1}, world.moment());
  EXPECT_EQ(world.timeout(), std::nullopt);
  EXPECT_EQ(world.advance(1h), "") << "no ALIVE, and no silence";
  EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"),
            "received 0 taken c 2\nspeaks 1 since 0\nsent 1 c 2\n"
            "update 11 [AT Ball +1 c +0+0 2]\n");
  EXPECT_EQ(world.server.watch(NeighborId{1}).last_said(), world.now);
  EXPECT_EQ(world.server.watch(NeighborId{0}).last_heard(), world.now);
}

TEST(KeepAliveLink, AnAssuredOneIsLookedAtForItsRecovery) {
  FakeServer world(Scheme::kFlood, Recovery::kSync, kRule);
  world.link_up();
  world.server.assure_link(NeighborId{0}, world.moment());
  const std::string seen = world.advance(1h);
  EXPECT_NE(seen.find("looked at 0 since 0\n"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("send 10 [ALIVE<LF>]"), std::string::npos) << seen;
}

TEST(KeepAliveLink, IsWatchedAgainFromTheTimesThatTheWorldGives) {
  KeepAliveServer world;
  world.server.assure_link(NeighborId{0}, world.moment());
  world.advance(10s + 300ms);
  world.server.watch_link_again(NeighborId{0}, Instant(10s), Instant(9s), Instant(11s),
                                world.moment());
  EXPECT_EQ(world.timeout(), 700ms);
  EXPECT_EQ(world.pass(700ms), "send 10 [ALIVE<LF>]\n");
  EXPECT_EQ(world.pass(1s), "send 11 [ALIVE<LF>]\ndown 0\nclose 10 silent\n");
  world.server.watch_link_again(NeighborId{0}, world.now, world.now, world.now, world.moment());
  EXPECT_FALSE(world.server.link_is_up(NeighborId{0})) << "it was not assured";
}

TEST(KeepAliveLink, IsNoLongerAssuredOnceItWasDown) {
  KeepAliveServer world;
  world.server.assure_link(NeighborId{0}, world.moment());
  world.gone(10);
  world.pass(kFirstBackoff);
  world.dialled(0, 10);
  world.acknowledge(10);
  EXPECT_EQ(world.pass(1s - kFirstBackoff), "send 11 [ALIVE<LF>]\n");
  EXPECT_NE(world.pass(kFirstBackoff).find("send 10 [ALIVE<LF>]"), std::string::npos);
}

// Both endpoints find a black hole in time, and the link recovers without help.
TEST(KeepAliveLink, BlackHoleIsFoundOutByBothEnds) {
  FakeHerd herd(
      2, {{0, 1}}, Scheme::kFlood, [](std::uint64_t) { return 0; }, Recovery::kSync, kRule);
  herd.start();
  herd.advance(30s);
  EXPECT_TRUE(herd.all_synchronized()) << "a quiet link stays";
  herd.hold(0);
  herd.say(0, "IAMAT kiwi +1+1 1");
  herd.advance(2s);
  EXPECT_TRUE(herd.server(0).all_links_up());
  herd.advance(2s);
  EXPECT_FALSE(herd.server(0).all_links_up());
  EXPECT_FALSE(herd.server(1).all_links_up());
  herd.advance(1min);
  herd.hold(0, false);
  herd.advance(7s);  // a dial in progress when the hold ended, and a back-off
  EXPECT_TRUE(herd.all_synchronized());
  EXPECT_EQ(herd.knowledge(1), herd.knowledge(0));
  EXPECT_NE(herd.knowledge(1), "");
}

}  // namespace
}  // namespace herd
