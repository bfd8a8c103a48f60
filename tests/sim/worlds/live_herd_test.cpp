#include "sim/worlds/live/live_herd.h"

#include <string>
#include <vector>

#include "sim/measure/checker/closed_forms.h"
#include "tests/sim/base/open_descriptors.h"
#include "tests/sim/worlds/live_herd_support.h"

namespace sim {
namespace {

using test::iamat;
using test::kTiny;
using test::LiveHerdTest;
using test::make_spec;
using test::pair;
using test::paper;
using test::Socket;

class LiveHerdFloodTest : public LiveHerdTest, public testing::WithParamInterface<herd::Scheme> {};

TEST_P(LiveHerdFloodTest, ReachesEverybodyAndTheBytesAreTheMessages) {
  start(paper(GetParam()));
  Socket phone = client(0);
  constexpr int kUpdates = 200;
  std::string all;
  for (int i = 0; i < kUpdates; ++i) all += iamat("kiwi-" + std::to_string(i % 20), i);
  phone.send(all);
  const FloodCounts each = closed_form(GetParam(), {5, 5}).value();
  ASSERT_TRUE(run_until([&] { return seen_.messages_received >= kUpdates * each.messages; }));
  ASSERT_TRUE(run_until_lines(phone, kUpdates));
  EXPECT_EQ(seen_.accepted, static_cast<std::uint64_t>(kUpdates));
  EXPECT_EQ(seen_.messages_sent, kUpdates * each.messages);
  EXPECT_EQ(seen_.messages_received, kUpdates * each.messages);
  EXPECT_EQ(seen_.useful, kUpdates * each.deliveries);
  EXPECT_EQ(phone.lines(), static_cast<std::size_t>(kUpdates));
  for (std::uint32_t s = 0; s < 5; ++s) {
    EXPECT_EQ(known(s), 20U);
    for (const herd::RecordView& record : server(s).core().records().sorted()) {
      EXPECT_NE(phone.text().find(std::string(record.line) + '\n'), std::string::npos)
          << record.line << " is not what the client was answered";
    }
  }
  expect_exact_wire_bytes();
  // A report that is not newer is answered and not sent on.
  phone.forget();
  phone.send(iamat("kiwi-19", 0));
  ASSERT_TRUE(run_until_lines(phone, 1));
  for (int i = 0; i < 10; ++i) turn();
  EXPECT_EQ(seen_.not_news, 1U);
  EXPECT_EQ(seen_.messages_sent, kUpdates * each.messages);
}

INSTANTIATE_TEST_SUITE_P(Schemes, LiveHerdFloodTest,
                         testing::Values(herd::Scheme::kFloodEcho, herd::Scheme::kFlood),
                         [](const auto& each) {
                           return each.param == herd::Scheme::kFlood ? "Flood" : "FloodEcho";
                         });

TEST_F(LiveHerdTest, ClientThatTakesNothingIsHeldBackAndThenDropped) {
  LiveLimits limits;
  limits.client_unsent = 64 * 1024;
  limits.client_stall_ns = 500'000'000;
  start(pair(), limits);
  Socket slow = Socket::dial(herd_->port(0), kTiny);
  Socket other = client(0);
  const std::string id(4000, 'k');
  int time = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    if (rest.empty()) rest = iamat(id, ++time);
    rest.erase(0, slow.send_some(rest));
    return server(0).stats().clients_dropped == 1;
  }));
  EXPECT_GE(server(0).stats().clients_held, 1U);
  EXPECT_EQ(server(0).stats().links_overflowed, 0U);
  EXPECT_TRUE(run_until_ended(slow));
  // Everybody else is served on.
  other.send(iamat("other", 1));
  EXPECT_TRUE(run_until_lines(other, 1));
  EXPECT_TRUE(herd_->ready());
}

TEST_F(LiveHerdTest, ClientThatIsHeldBackResumesAndGetsEveryAnswerInOrder) {
  LiveLimits limits;
  limits.client_unsent = 64 * 1024;
  start(make_spec({"Alford"}, {}), limits);
  Socket slow = Socket::dial(herd_->port(0), kTiny);
  const std::string id(4000, 'k');
  int asked = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    if (rest.empty()) rest = iamat(id, ++asked);
    rest.erase(0, slow.send_some(rest));
    return server(0).stats().clients_held == 1;
  }));
  // Now it reads, and says the rest.
  const int more = asked + 500;
  while (asked < more) rest += iamat(id, ++asked);
  ASSERT_TRUE(run_until([&] {
    rest.erase(0, slow.send_some(rest));
    slow.take();
    return slow.lines() == static_cast<std::size_t>(asked);
  }));
  std::size_t at = 0;
  for (int i = 1; i <= asked; ++i) {
    const std::size_t end = slow.text().find('\n', at);
    const std::string line = slow.text().substr(at, end + 1 - at);
    const std::string said = iamat(id, i).substr(std::string("IAMAT").size());
    ASSERT_TRUE(line.starts_with("AT Alford ") && line.ends_with(said)) << i;
    at = end + 1;
  }
  EXPECT_EQ(server(0).stats().clients_dropped, 0U);
  EXPECT_EQ(seen_.accepted, static_cast<std::uint64_t>(asked));
}

TEST_F(LiveHerdTest, ConnectionIdsAreUsedAgain) {
  start(pair());
  for (int i = 0; i < 100; ++i) {
    Socket phone = client(0);
    const std::string line = "who is " + std::to_string(i);
    phone.send(line + '\n');
    ASSERT_TRUE(run_until_text(phone, "? " + line + '\n'));
    if (i % 2 == 0) {
      phone.end();
      ASSERT_TRUE(run_until_ended(phone));
    }
  }
  // The link and one client, and a little where a closing was not yet seen.
  EXPECT_LE(server(0).stats().connections_peak, 4U);
  EXPECT_GE(server(0).stats().connections_peak, 2U);
  EXPECT_EQ(server(1).stats().connections_peak, 1U);
  // Two at once get each their own answers.
  Socket a = client(0), b = client(0);
  a.send("a\n");
  b.send("b\n");
  EXPECT_TRUE(run_until_text(a, "? a\n"));
  EXPECT_TRUE(run_until_text(b, "? b\n"));
}

TEST_F(LiveHerdTest, WhoCallsAPausedServerThatDiesIsReset) {
  start(pair());
  herd_->apply(PauseServer{0});
  std::vector<Socket> phones;
  for (int i = 0; i < 3; ++i) phones.push_back(client(0));
  turn();  // in which the loop learns of them
  herd_->apply(StopServer{0});
  for (Socket& phone : phones) {
    ASSERT_TRUE(run_until_ended(phone));
    EXPECT_TRUE(phone.was_reset());
  }
}

TEST_F(LiveHerdTest, TakenPortIsAnErrorThatNamesIt) {
  const Socket taken = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = taken.port();
  loop_ = std::make_unique<IoLoop>();
  LiveHerd::Setup setup;
  setup.spec = &spec_;
  herd_ = std::make_unique<LiveHerd>(*loop_, clock_, seen_, std::move(setup));
  const auto error = herd_->listen(ServerLogs::to_files(folder_.path(), spdlog::level::info));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "herd test: server Welsh: cannot listen on 127.0.0.1:" +
                                std::to_string(taken.port()) + ": address already in use");
}

TEST_F(LiveHerdTest, EveryDescriptorIsClosedAtTheEnd) {
  { const IoLoop first; }  // opens what libuv keeps for the process
  const std::size_t before = count_open_descriptors();
  const Socket nobody = Socket::listening();
  HerdSpec spec = make_spec({"A", "B", "C"}, {{0, 1}, {1, 2}});
  spec.servers[2].port = nobody.port();  // lets in, and says nothing
  make(spec, {}, {"A", "B"});
  herd_->start();
  ASSERT_TRUE(run_until([&] { return herd_->links_missing() == "B - C"; }));
  std::vector<Socket> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(client(static_cast<std::uint32_t>(i % 2)));
    clients.back().send(iamat("c" + std::to_string(i), i));
    ASSERT_TRUE(run_until_lines(clients.back(), 1));
  }
  clients.push_back(client(0));  // not yet let in
  clients.front().send("half a li");
  clients.back().end();
  EXPECT_GT(count_open_descriptors(), before);
  herd_.reset();
  loop_.reset();
  clients.clear();
  EXPECT_EQ(count_open_descriptors(), before + 1) << "but for the listener of the test's own";
}

}  // namespace
}  // namespace sim
