// Tests of a central herd whose front ends lose their database, or die.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/sim/engines/central_herd_support.h"

namespace sim::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint32_t kToBall = 0;  // link number

// Runs until the front end has noticed.
#define AWAIT(condition) ASSERT_TRUE(run_until([&] { return condition; }))

TEST_F(CentralHerdTest, WaitsForALinkThatComesBack) {
  for (const CutHow how : {CutHow::kClose, CutHow::kReset, CutHow::kBlackhole}) {
    if (!herd_) start();
    if (HasFatalFailure()) return;
    Socket socket = client(1);
    const std::string client_id = "kiwi" + std::to_string(static_cast<int>(how));
    herd_->apply(CutLink{kToBall, how});
    if (how != CutHow::kBlackhole) {
      AWAIT(!herd_->front_end(1).database().connected());
    }
    socket.send("IAMAT " + client_id + " +1-1 5\n");
    // The other front ends still have their database.
    EXPECT_THAT(ask(0, "IAMAT other +1-1 5\n"), StartsWith("AT Alford"));
    EXPECT_THAT(ask(2, "IAMAT other +1-1 6\n"), StartsWith("AT Welsh"));
    EXPECT_FALSE(socket.take());
    EXPECT_EQ(socket.text(), "");
    herd_->apply(RestoreLink{kToBall});
    EXPECT_THAT(lines(socket, 1), HasSubstr(client_id + " +1-1 5\n"));
  }
}

TEST_F(CentralHerdTest, DropsTheClientsOfALinkThatStaysAway) {
  for (const CutHow how : {CutHow::kClose, CutHow::kBlackhole}) {
    if (!herd_) start();
    if (HasFatalFailure()) return;
    herd_->apply(CutLink{kToBall, how});
    Socket asks = client(1), tells = client(1), idles = client(1);
    asks.send("WHATSAT kiwi 1 1\n");
    tells.send("IAMAT kiwi +1-1 5\n");
    ASSERT_TRUE(ended(asks));
    ASSERT_TRUE(ended(tells));
    EXPECT_EQ(asks.text() + tells.text(), "");
    EXPECT_TRUE(asks.was_reset());
    EXPECT_TRUE(tells.was_reset());
    EXPECT_FALSE(herd_->front_end(1).database().connected());
    herd_->apply(RestoreLink{kToBall});
    AWAIT(herd_->front_end(1).database().connected());
    // A client that waits for no answer keeps its connection.
    EXPECT_EQ(ask(idles, "hello\n"), "? hello\n");
  }
}

TEST_F(CentralHerdTest, TellsOfItsLinks) {
  start();
  if (HasFatalFailure()) return;
  herd_->apply(CutLink{kToBall, CutHow::kClose});
  AWAIT(recorder_->link_drops() == 1);
  herd_->apply(RestoreLink{kToBall});
  AWAIT(herd_->ready());
  ASSERT_EQ(recorder_->link_changes().size(), 4U);  // two came up at first
  EXPECT_EQ(recorder_->link_changes()[2].state, LinkState::kDown);
  EXPECT_EQ(recorder_->link_changes()[3].state, LinkState::kUp);
  EXPECT_EQ(recorder_->link_changes()[3].link, kToBall);
  EXPECT_GT(herd_->link(kToBall).bytes_to_database(), 0U);
  EXPECT_GT(herd_->link(kToBall).bytes_to_front_end(), 0U);
}

// A report that is committed while its answer is lost counts as accepted, and the client is told so
// in the end.
TEST_F(CentralHerdTest, FindsOutWhatBecameOfAReportThatWasUnderWay) {
  start();
  if (HasFatalFailure()) return;
  // Answers take an hour.
  herd_->apply(SetLink{kToBall, latency(std::chrono::hours(1), Duration(0))});
  Socket socket = client(1);
  socket.send("IAMAT kiwi +1-1 5\n");
  Socket witness = client(0);
  std::string seen;
  AWAIT((seen = ask(witness, "WHATSAT kiwi 1 1\n")).starts_with("AT Ball"));
  EXPECT_EQ(recorder_->accepted().size(), 0U);
  herd_->apply(CutLink{kToBall, CutHow::kClose});
  herd_->apply(SetLink{kToBall, {}});
  herd_->apply(RestoreLink{kToBall});
  // The answer is word for word the report that was stored first.
  EXPECT_EQ(lines(socket, 1), seen.substr(0, seen.find('\n') + 1));
  EXPECT_EQ(recorder_->accepted().size(), 1U);
  EXPECT_EQ(recorder_->superseded().size(), 0U);
}

TEST_F(CentralHerdTest, FindsOutThatAReportUnderWayWasOvertaken) {
  start();
  if (HasFatalFailure()) return;
  herd_->apply(SetLink{kToBall, latency(Duration(0), std::chrono::hours(1))});
  Socket socket = client(1);
  socket.send("IAMAT kiwi +1-1 5\n");
  AWAIT(!herd_->front_end(1).database().idle());
  EXPECT_THAT(ask(0, "IAMAT kiwi +1-1 6\n"), StartsWith("AT Alford"));
  herd_->apply(CutLink{kToBall, CutHow::kClose});
  herd_->apply(SetLink{kToBall, {}});
  herd_->apply(RestoreLink{kToBall});
  EXPECT_THAT(lines(socket, 1), HasSubstr("kiwi +1-1 5\n"));
  EXPECT_EQ(recorder_->accepted().size(), 1U);
  EXPECT_EQ(recorder_->superseded().size(), 1U);
}

TEST_F(CentralHerdTest, AFrontEndDiesAndTheDatabaseLivesOn) {
  start();
  if (HasFatalFailure()) return;
  for (const std::uint32_t server : {0U, 1U}) {
    Socket socket = client(server);
    const std::string id = "c" + std::to_string(server);
    EXPECT_THAT(ask(socket, "IAMAT " + id + " +1-1 5\n"), StartsWith("AT "));
    const std::uint16_t port = herd_->front_end(server).port();
    herd_->apply(StopServer{server});
    ASSERT_TRUE(ended(socket));
    EXPECT_TRUE(socket.was_reset());
    EXPECT_EQ(Socket::dial_error(port), ECONNREFUSED);
    EXPECT_THAT(ask(2, "WHATSAT " + id + " 1 1\n"), HasSubstr(id + " +1-1 5"));
    herd_->apply(StartServer{server});
    EXPECT_EQ(herd_->front_end(server).port(), port);
    EXPECT_THAT(ask(server, "WHATSAT " + id + " 1 1\n"), HasSubstr(id + " +1-1 5"));
  }
  EXPECT_EQ(recorder_->servers()[0].restarts, 1U);
}

// The report was committed but its client never heard of it: it counts all the same.
TEST_F(CentralHerdTest, CountsWhatADeadFrontEndHadStored) {
  start();
  if (HasFatalFailure()) return;
  herd_->apply(SetLink{kToBall, latency(std::chrono::hours(1), Duration(0))});
  Socket socket = client(1);
  socket.send("IAMAT kiwi +1-1 5\nIAMAT emu +1-1 5\n");
  Socket witness = client(0);
  AWAIT(ask(witness, "WHATSAT emu 1 1\n").starts_with("AT Ball"));
  witness.close();
  herd_->apply(StopServer{1});
  EXPECT_THAT(ask(0, "IAMAT kiwi +1-1 6\n"), StartsWith("AT Alford"));
  EXPECT_EQ(recorder_->accepted().size(), 1U);
  stop();
  // The database holds the emu's report; the kiwi's is lost.
  EXPECT_EQ(recorder_->accepted().size(), 2U);
  EXPECT_EQ(recorder_->accepted()[1].server, 1U);
  EXPECT_EQ(herd_->records().size(), 2U);
}

TEST_F(CentralHerdTest, APausedFrontEndDoesNothingAndGoesOn) {
  start();
  if (HasFatalFailure()) return;
  Socket socket = client(1);
  EXPECT_THAT(ask(socket, "IAMAT kiwi +1-1 5\n"), StartsWith("AT Ball"));
  herd_->apply(PauseServer{1});
  socket.send("IAMAT kiwi +1-1 6\nWHATSAT kiwi 1 1\n");
  Socket late = client(1);
  late.send("hello\n");
  EXPECT_THAT(ask(2, "IAMAT emu +1-1 6\n"), StartsWith("AT Welsh"));
  EXPECT_FALSE(socket.take());
  EXPECT_EQ(socket.text(), "");
  EXPECT_TRUE(herd_->settled()) << "what is paused has nothing more to say";
  herd_->apply(ResumeServer{1});
  EXPECT_THAT(lines(socket, 4), HasSubstr("kiwi +1-1 6\n{"));
  EXPECT_EQ(lines(late, 1), "? hello\n");
  EXPECT_EQ(recorder_->accepted().size(), 3U);
}

TEST_F(CentralHerdTest, CannotGoOnWithoutItsDatabase) {
  start();
  if (HasFatalFailure()) return;
  const std::filesystem::path folder = herd_->link(0).folder().parent_path();
  std::ifstream file(folder / "data" / "postmaster.pid");
  pid_t postmaster = 0;
  ASSERT_TRUE(file >> postmaster);
  ::kill(postmaster, SIGKILL);
  AWAIT(failure_.has_value());
  EXPECT_THAT(*failure_, HasSubstr("herd test: PostgreSQL: killed by SIGKILL"));
}

}  // namespace
}  // namespace sim::test
