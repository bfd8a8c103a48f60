// Tests how clients and neighbours see each fault, on real sockets.
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/worlds/live_herd_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::iamat;
using test::make_spec;
using test::pair;
using test::Socket;

constexpr herd::KeepAlive kQuick{5ms, 15ms};

std::string many(const std::string& client, int count) {
  std::string all;
  for (int i = 1; i <= count; ++i) all += iamat(client + '-' + std::to_string(i), i);
  return all;
}

class LiveFaultsTest : public test::LiveHerdTest {
 protected:
  // Alford, whose neighbour Welsh is the test's own.
  void link_to_welsh(HerdSpec spec) {
    spec.servers[1].port = listener_.port();
    make(std::move(spec), {}, {"Alford"});
    herd_->start();
    prove_again();
  }
  void prove_again() {
    welsh_ = prove_to_dialler(listener_, "Alford", "Welsh");
    ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  }
  // All that was said on a first link has come, so that whatever else comes was said later.
  bool run_until_welsh_has_all() {
    const std::uint64_t handed = server(0).way(kFirst).bytes_handed();
    const bool all = run_until([&] {
      welsh_.take();
      return handshake_size("Alford", "Welsh", true) + welsh_.text().size() == handed;
    });
    welsh_.forget();
    return all;
  }
  void cut_one_way(CutWays ways) {
    HerdSpec spec = make_spec({"Alford", "Welsh"}, {{0, 1}}, herd::Scheme::kFlood);
    spec.keep_alive.reset();
    start(std::move(spec));
    const std::uint32_t unheard = ways == CutWays::kForward ? 0 : 1;
    herd_->apply(CutLink{0, CutHow::kBlackhole, ways});
    Socket lost = client(unheard), heard = client(1 - unheard);
    lost.send(many("lost", 20));
    heard.send(many("heard", 30));
    ASSERT_TRUE(run_until_lines(lost, 20));
    ASSERT_TRUE(run_until_lines(heard, 30));
    ASSERT_TRUE(run_until([&] { return known(unheard) == 50; }));
    ASSERT_TRUE(time_passes(0));
    EXPECT_EQ(known(1 - unheard), 30U);
    herd_->apply(RestoreLink{0});
    ASSERT_TRUE(run_until([&] { return known(1 - unheard) == 50; })) << "late";
    EXPECT_EQ(seen_.downs, 0U);
  }
  // Waits for this number of answers to a client of that server; each takes turns of the loop.
  bool time_passes(std::uint32_t server, int answers = 50) {
    Socket other = client(server);
    for (int i = 0; i < answers; ++i) {
      other.forget();
      other.send("well?\n");
      if (!run_until_lines(other, 1)) return false;
    }
    return true;
  }

  Socket listener_ = Socket::listening();
  Socket welsh_;
};

TEST_F(LiveFaultsTest, ClosedLinkEndsForTheNeighbourAndIsDialledOnceRestored) {
  link_to_welsh(pair());
  herd_->apply(CutLink{0, CutHow::kClose});
  ASSERT_TRUE(run_until_ended(welsh_));
  EXPECT_FALSE(welsh_.was_reset());
  EXPECT_EQ(seen_.downs, 1U);
  ASSERT_TRUE(time_passes(0));
  EXPECT_FALSE(listener_.take_caller());
  herd_->apply(RestoreLink{0});
  prove_again();
  EXPECT_EQ(seen_.ups, 2U);
}

TEST_F(LiveFaultsTest, ResetLinkIsAResetForTheNeighbour) {
  link_to_welsh(pair());
  herd_->apply(CutLink{0, CutHow::kReset});
  ASSERT_TRUE(run_until_ended(welsh_));
  EXPECT_TRUE(welsh_.was_reset());
  EXPECT_EQ(seen_.downs, 1U);
  herd_->apply(RestoreLink{0});
  prove_again();
}

TEST_F(LiveFaultsTest, BlackholeShowsNothingNotEvenItsEnd) {
  HerdSpec spec = pair();
  spec.keep_alive = kQuick;
  link_to_welsh(std::move(spec));
  herd_->apply(CutLink{0, CutHow::kBlackhole});
  ASSERT_TRUE(run_until_welsh_has_all());
  Socket phone = client(0);
  phone.send(iamat("kiwi", 1));
  ASSERT_TRUE(run_until_lines(phone, 1));
  ASSERT_TRUE(run_until([&] { return seen_.downs == 1; })) << "it finds out by itself";
  ASSERT_TRUE(time_passes(0));
  EXPECT_FALSE(welsh_.take()) << "no end";
  EXPECT_EQ(welsh_.text(), "");
  EXPECT_FALSE(listener_.take_caller()) << "no dial gets through";

  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(run_until_ended(welsh_));
  EXPECT_TRUE(welsh_.was_reset());
  EXPECT_EQ(welsh_.text(), "");
  prove_again();
  EXPECT_EQ(seen_.ups, 2U);
}

TEST_F(LiveFaultsTest, BlackholeThatNobodyNoticedOnlyDelaysWhatWasSaid) {
  HerdSpec spec = pair();
  spec.keep_alive.reset();
  link_to_welsh(std::move(spec));
  herd_->apply(CutLink{0, CutHow::kBlackhole});
  Socket phone = client(0);
  phone.send(many("kiwi", 50));
  ASSERT_TRUE(run_until_lines(phone, 50));
  ASSERT_TRUE(time_passes(0));
  EXPECT_EQ(seen_.messages_sent, 50U);
  EXPECT_FALSE(welsh_.take());
  EXPECT_EQ(welsh_.text(), "");
  herd_->apply(RestoreLink{0});
  EXPECT_TRUE(run_until_text(welsh_, phone.text())) << "late, all of it, in order";
  EXPECT_EQ(seen_.downs, 0U);
  EXPECT_FALSE(listener_.take_caller());
}

TEST_F(LiveFaultsTest, BlackholeSwallowsBothDirections) {
  HerdSpec spec = make_spec({"Alford", "Welsh"}, {{0, 1}}, herd::Scheme::kFlood);
  spec.keep_alive.reset();
  start(std::move(spec));
  herd_->apply(CutLink{0, CutHow::kBlackhole});
  Socket there = client(0), back = client(1);
  there.send(many("there", 20));
  back.send(many("back", 30));
  ASSERT_TRUE(run_until_lines(there, 20));
  ASSERT_TRUE(run_until_lines(back, 30));
  ASSERT_TRUE(time_passes(0));
  EXPECT_EQ(seen_.messages_sent, 50U);
  EXPECT_EQ(seen_.messages_received, 0U);
  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(run_until_all_received());
  EXPECT_EQ(known(0), 50U);
  EXPECT_EQ(known(1), 50U);
  EXPECT_EQ(seen_.downs, 0U);
}

TEST_F(LiveFaultsTest, BlackholeForwardLetsTheOtherDirectionThrough) {
  cut_one_way(CutWays::kForward);
}

TEST_F(LiveFaultsTest, BlackholeBackwardLetsTheOtherDirectionThrough) {
  cut_one_way(CutWays::kBackward);
}

// Alford finds out that Welsh is silent. Welsh sees that end, because Alford is heard.
TEST_F(LiveFaultsTest, ServerThatIsHeardEndsItsLinkInAOneWayBlackhole) {
  HerdSpec spec = pair();
  spec.keep_alive = kQuick;
  link_to_welsh(std::move(spec));
  herd_->apply(CutLink{0, CutHow::kBlackhole, CutWays::kBackward});
  ASSERT_TRUE(run_until([&] { return seen_.downs == 1; }));
  ASSERT_TRUE(run_until_ended(welsh_));
  ASSERT_TRUE(time_passes(0));
  EXPECT_FALSE(listener_.take_caller()) << "a dial needs both directions";
  herd_->apply(RestoreLink{0});
  prove_again();
}

class LiveServerFaultsTest : public LiveFaultsTest,
                             public testing::WithParamInterface<herd::Recovery> {};

TEST_P(LiveServerFaultsTest, ServerThatDiesForgetsAndComesBackOnItsPort) {
  HerdSpec spec = pair();
  spec.recovery = GetParam();
  start(std::move(spec));
  Socket phone = client(1);
  phone.send(iamat("kiwi", 1));
  ASSERT_TRUE(run_until_lines(phone, 1));
  ASSERT_TRUE(run_until([&] { return known(0) == 1; }));
  const std::uint16_t port = herd_->port(1);

  herd_->apply(StopServer{1});
  ASSERT_TRUE(run_until_ended(phone));
  EXPECT_TRUE(phone.was_reset());
  EXPECT_EQ(Socket::dial_error(port), ECONNREFUSED);
  EXPECT_EQ(known(1), 0U);
  ASSERT_TRUE(run_until([&] { return seen_.downs == 2; })) << "both ends are told";
  EXPECT_EQ(herd_->links_missing(), "Alford - Welsh");
  EXPECT_EQ(changes_, (std::vector<std::pair<std::uint32_t, bool>>{{1, false}}));
  // The other one serves on.
  Socket other = client(0);
  other.send(iamat("lemon", 1));
  ASSERT_TRUE(run_until_lines(other, 1));

  herd_->apply(StartServer{1});
  EXPECT_EQ(herd_->port(1), port);
  EXPECT_EQ(changes_.back(), (std::pair<std::uint32_t, bool>(1, true)));
  ASSERT_TRUE(run_until([&] { return herd_->ready() && herd_->recovered(); }));
  EXPECT_EQ(seen_.ups, 4U);
  EXPECT_EQ(known(1), GetParam() == herd::Recovery::kSync ? 2U : 0U);
  Socket again = client(1);
  again.send(iamat("melon", 2));
  ASSERT_TRUE(run_until_lines(again, 1));
  ASSERT_TRUE(run_until([&] { return known(0) == 3; }));
}

INSTANTIATE_TEST_SUITE_P(Recoveries, LiveServerFaultsTest,
                         testing::Values(herd::Recovery::kNone, herd::Recovery::kSync),
                         [](const auto& each) {
                           return each.param == herd::Recovery::kSync ? "Sync" : "None";
                         });

TEST_F(LiveFaultsTest, NeighbourOfAServerThatDiesSeesAResetAndIsDialledByItsNextLife) {
  link_to_welsh(pair());
  herd_->apply(StopServer{0});
  EXPECT_EQ(seen_.downs, 1U);
  ASSERT_TRUE(run_until_ended(welsh_));
  EXPECT_TRUE(welsh_.was_reset());
  EXPECT_FALSE(listener_.take_caller());
  herd_->apply(StartServer{0});
  prove_again();
}

TEST_F(LiveFaultsTest, ServerThatDiesInABlackholeShowsItsNeighbourNoEnd) {
  HerdSpec spec = make_spec({"Alford", "Welsh", "Ball"}, {{0, 1}});
  spec.servers[1].port = listener_.port();
  make(std::move(spec), {}, {"Alford", "Ball"});
  herd_->start();
  prove_again();
  herd_->apply(CutLink{0, CutHow::kBlackhole});
  herd_->apply(StopServer{0});
  EXPECT_EQ(seen_.downs, 1U);
  ASSERT_TRUE(time_passes(2));
  EXPECT_FALSE(welsh_.take());
  herd_->apply(StartServer{0});
  ASSERT_TRUE(time_passes(0));
  EXPECT_FALSE(welsh_.take());
  EXPECT_FALSE(listener_.take_caller());
  herd_->apply(RestoreLink{0});
  ASSERT_TRUE(run_until_ended(welsh_));
  EXPECT_TRUE(welsh_.was_reset());
  prove_again();
}

TEST_F(LiveFaultsTest, PausedServerAnswersNothingAndLosesNothing) {
  HerdSpec spec = pair();
  spec.keep_alive.reset();
  start(std::move(spec));
  Socket phone = client(0);
  phone.send("before\n");
  ASSERT_TRUE(run_until_text(phone, "? before\n"));
  phone.forget();

  herd_->apply(PauseServer{0});
  std::string asked, answers;
  for (int i = 0; i < 100; ++i) {
    asked += "line " + std::to_string(i) + '\n';
    answers += "? line " + std::to_string(i) + '\n';
  }
  phone.send(asked);
  ASSERT_EQ(Socket::dial_error(herd_->port(0)), 0) << "the kernel lets clients in";
  Socket later = client(0);
  later.send(asked);
  Socket gone = client(0);
  gone.send(iamat("gone", 1));
  gone.close();
  ASSERT_TRUE(time_passes(1));
  EXPECT_FALSE(phone.take());
  EXPECT_FALSE(later.take());
  EXPECT_EQ(phone.text() + later.text(), "");
  EXPECT_EQ(seen_.accepted, 0U);

  herd_->apply(ResumeServer{0});
  EXPECT_TRUE(run_until_text(phone, answers));
  EXPECT_TRUE(run_until_text(later, answers));
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 1; })) << "who left had spoken";
  EXPECT_EQ(seen_.downs, 0U);
  EXPECT_TRUE(time_passes(0));
}

TEST_F(LiveFaultsTest, ConnectionThatIsClosedDuringAPauseIsForgottenAfterIt) {
  start(make_spec({"Alford", "Ball"}, {}));
  Socket phone = client(0);
  phone.send("before\n");
  ASSERT_TRUE(run_until_text(phone, "? before\n"));
  herd_->apply(PauseServer{0});
  phone.send(iamat("kiwi", 1));
  phone.close();
  ASSERT_TRUE(time_passes(1));
  EXPECT_EQ(seen_.accepted, 0U);
  herd_->apply(ResumeServer{0});
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 1; }));
  ASSERT_TRUE(time_passes(0));
  EXPECT_LE(server(0).stats().connections_peak, 2U);
}

TEST_F(LiveFaultsTest, DialUnderWayDuringAPauseGoesOnAfterIt) {
  HerdSpec spec = make_spec({"Alford", "Welsh", "Ball"}, {{0, 1}});
  spec.servers[1].port = listener_.port();
  make(std::move(spec), {}, {"Alford", "Ball"});
  herd_->start();
  herd_->apply(PauseServer{0});
  std::optional<Socket> caller;
  ASSERT_TRUE(run_until([&] { return (caller = listener_.take_caller()).has_value(); }));
  ASSERT_TRUE(time_passes(2));
  EXPECT_FALSE(caller->take());
  EXPECT_EQ(caller->text(), "") << "the connection stands, and nobody speaks";
  herd_->apply(ResumeServer{0});
  caller->send(hear_dialler(*caller, "Alford", "Welsh"));
  EXPECT_TRUE(run_until([&] { return herd_->ready(); }));
}

TEST_F(LiveFaultsTest, ServerThatDiesWhilePausedIsNotPausedInItsNextLife) {
  start(pair());
  Socket phone = client(0);
  phone.send("before\n");
  ASSERT_TRUE(run_until_text(phone, "? before\n"));
  herd_->apply(PauseServer{0});
  phone.send(iamat("kiwi", 1));
  ASSERT_TRUE(time_passes(1));
  herd_->apply(StopServer{0});
  ASSERT_TRUE(run_until_ended(phone));
  EXPECT_TRUE(phone.was_reset());
  herd_->apply(ResumeServer{0});
  EXPECT_EQ(Socket::dial_error(herd_->port(0)), ECONNREFUSED) << "resuming is no start";
  herd_->apply(StartServer{0});
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  ASSERT_TRUE(time_passes(0));
  EXPECT_EQ(seen_.accepted, 0U);
}

TEST_F(LiveFaultsTest, PausedServerIsLetGoOfAndLinkedAgainWhenItGoesOn) {
  HerdSpec spec = pair();
  spec.keep_alive = kQuick;
  start(std::move(spec));
  herd_->apply(PauseServer{1});
  const std::uint64_t downs = seen_.downs;
  ASSERT_TRUE(run_until([&] { return seen_.downs > downs; })) << "Alford hears nothing";
  EXPECT_FALSE(herd_->ready());
  herd_->apply(ResumeServer{1});
  ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  Socket phone = client(0);
  int time = 0;
  ASSERT_TRUE(run_until([&] {
    if (phone.lines() == static_cast<std::size_t>(time)) phone.send(iamat("kiwi", ++time));
    phone.take();
    return known(1) == 1;
  }));
}

TEST_F(LiveFaultsTest, SilentNeighbourIsLetGoOfAndDialledAgain) {
  HerdSpec spec = pair();
  spec.keep_alive = kQuick;
  link_to_welsh(std::move(spec));
  for (std::uint64_t round = 1; round <= 3; ++round) {
    ASSERT_TRUE(run_until_ended(welsh_));
    EXPECT_EQ(seen_.downs, round);
    EXPECT_FALSE(welsh_.was_reset());
    std::string alive;
    while (alive.size() < welsh_.text().size()) alive += "ALIVE\n";
    EXPECT_EQ(welsh_.text(), alive);
    prove_again();
  }
}

TEST_F(LiveFaultsTest, NeighbourThatSaysItIsAliveIsKept) {
  HerdSpec spec = pair();
  spec.keep_alive = kQuick;
  link_to_welsh(std::move(spec));
  // Far longer than Alford would bear silence.
  ASSERT_TRUE(run_until([&] {
    welsh_.send("ALIVE\n");
    return welsh_.take() || welsh_.lines() >= 40;
  }));
  EXPECT_GE(welsh_.lines(), 40U);
  EXPECT_EQ(seen_.downs, 0U);
  EXPECT_EQ(seen_.refused_on_link, 0U);
  ASSERT_TRUE(run_until_ended(welsh_)) << "and no longer than it says so";
}

}  // namespace
}  // namespace sim
