// Tests of a central herd as its clients see it: the answers of any herd, from one database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "core/limits.h"
#include "core/random.h"
#include "core/record_store.h"
#include "tests/sim/engines/central_herd_support.h"

namespace sim::test {
namespace {

using testing::MatchesRegex;
using testing::StartsWith;

const std::string kReport = "kiwi +34.068930-118.445127 1479413884.392014450";

TEST_F(CentralHerdTest, AnswersAsAnyServerDoes) {
  start();
  if (HasFatalFailure()) return;
  Socket socket = client(1);
  EXPECT_THAT(ask(socket, "IAMAT " + kReport + "\n"),
              MatchesRegex(R"(AT Ball \+[0-9]+\.[0-9]{9} kiwi \+34\.068930-118\.445127 )"
                           R"(1479413884\.392014450)"
                           "\n"));
  EXPECT_THAT(ask(socket, "  IAMAT\t" + kReport + " \r\n"), testing::EndsWith("392014450\r\n"));
  for (const std::string line : {"", "hello", "IAMAT kiwi", "IAMAT kiwi +34-181 1",
                                 "iamat a +1-1 1", "WHATSAT nobody 10 5", "WHATSAT kiwi 51 5",
                                 "AT Ball +0.0 "
                                 "kiwi",
                                 "LINK test Alford Ball 00", "\xff\xfe x  "}) {
    EXPECT_EQ(ask(socket, line + "\r\n"), "? " + line + "\r\n");
  }
  EXPECT_EQ(recorder_->servers()[1].invalid_lines, 10U);
  EXPECT_EQ(recorder_->servers()[1].accepted, 1U);
}

TEST_F(CentralHerdTest, EveryFrontEndKnowsWhatOneHeard) {
  start();
  if (HasFatalFailure()) return;
  const std::string at = ask(2, "IAMAT " + kReport + "\n");
  for (std::uint32_t server = 0; server < 3; ++server) {
    Socket socket = client(server);
    socket.send("WHATSAT kiwi 10 5\r\n");
    const std::string answer = lines(socket, 3);
    EXPECT_THAT(answer, StartsWith(at.substr(0, at.size() - 1) + "\r\n{"));
    EXPECT_THAT(answer, testing::EndsWith("}\r\n\r\n"));
    EXPECT_THAT(answer, testing::HasSubstr("error_message"));  // this herd asks no provider
  }
  EXPECT_EQ(recorder_->servers()[0].queries, 1U);
}

TEST_F(CentralHerdTest, AnswersInTheOrderOfTheCommands) {
  start();
  if (HasFatalFailure()) return;
  Socket socket = client(0);
  std::string commands;
  // Each command stands behind one that takes longer.
  for (int i = 0; i < 200; ++i) {
    const std::string id = "c" + std::to_string(i);
    commands += "WHATSAT " + id + " 1 1\n" + "IAMAT " + id + " +1-1 5\n" + "bad " + id + "\n" +
                "WHATSAT " + id + " 1 1\n";
  }
  socket.send(commands);
  socket.end();
  ASSERT_TRUE(ended(socket));
  const std::string& text = socket.text();
  std::size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "c" + std::to_string(i);
    for (const std::string& part : std::vector<std::string>{
             "? WHATSAT " + id + " 1 1\nAT Alford ",
             " " + id + " +1-1 5\n? bad " + id + "\nAT Alford ", " " + id + " +1-1 5\n{"}) {
      const std::size_t found = text.find(part, at);
      ASSERT_NE(found, std::string::npos) << part;
      at = found + part.size();
    }
  }
}

TEST_F(CentralHerdTest, HoldsAClientBackThatAsksFasterThanItIsAnswered) {
  LiveLimits limits;
  limits.client_waiting = 3;
  start({}, limits);
  if (HasFatalFailure()) return;
  Socket socket = client(0);
  std::string commands;
  for (int i = 0; i < 500; ++i) commands += "IAMAT kiwi +1-1 " + std::to_string(i) + "\n";
  socket.send(commands);
  EXPECT_EQ(std::count_if(commands.begin(), commands.end(), [](char c) { return c == '\n'; }), 500);
  const std::string answers = lines(socket, 500);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 500);
  EXPECT_GT(herd_->front_end(0).stats().clients_held, 0U);
  EXPECT_EQ(recorder_->accepted().size(), 500U);
}

TEST_F(CentralHerdTest, RepeatsTheBeginningOfALineThatIsTooLong) {
  start();
  if (HasFatalFailure()) return;
  Socket socket = client(0);
  const std::string line(herd::kMaxClientLine + 1, 'x');
  socket.send("IAMAT " + kReport + "\n" + line + "\nIAMAT " + kReport + "\n");
  ASSERT_TRUE(ended(socket));
  EXPECT_THAT(socket.text(), StartsWith("AT Alford "));
  EXPECT_THAT(socket.text(), testing::EndsWith("\n? " + line.substr(0, 64) + "\n"));
}

// Ids may have any bytes and any length, in records and in keys.
TEST_F(CentralHerdTest, KeepsIdsAsTheyAre) {
  start();
  if (HasFatalFailure()) return;
  const std::string long_id(8000, 'a');
  const std::vector<std::string> ids = {std::string("nul\0byte", 8),
                                        "\xff\x80",
                                        "';DROP/**/TABLE/**/records;--",
                                        "\\x41",
                                        "%s",
                                        long_id,
                                        long_id + "b",
                                        long_id.substr(0, 1000),
                                        long_id.substr(0, 1001)};
  Socket socket = client(1);
  int time = 0;
  for (const std::string& id : ids) {
    const std::string said = id + " +1-1 " + std::to_string(++time) + "\n";
    // Not a matcher: its output for such ids would be useless.
    EXPECT_TRUE(ask(socket, "IAMAT " + said).ends_with(" " + said)) << time;
  }
  time = 0;
  for (const std::string& id : ids) {
    Socket asker = client(2);
    asker.send("WHATSAT " + id + " 1 1\n");
    const std::string held = " " + id + " +1-1 " + std::to_string(++time) + "\n";
    EXPECT_NE(lines(asker, 3).find(held), std::string::npos) << time;
  }
  stop();
  EXPECT_EQ(herd_->records().size(), ids.size());
}

// The database orders records as core does: many reports that differ in one field or another come
// to all front ends at once, in any order, and the greatest stays.
TEST_F(CentralHerdTest, KeepsTheNewestAsEveryHerdDoes) {
  start();
  if (HasFatalFailure()) return;
  herd::Random random(7, "reports");
  const std::vector<std::string> times = {"5",   "5.0", "5.000000001",         "05",
                                          "4.9", "10",  "9223372036.854775807"};
  const std::vector<std::string> places = {"+1-1", "+1+1", "-1+1", "+01-1", "+1.0-1"};
  std::vector<Socket> sockets;
  std::vector<std::size_t> sent;
  for (std::uint32_t s = 0; s < 3; ++s) sockets.push_back(client(s));
  for (Socket& socket : sockets) {
    std::string commands;
    for (int i = 0; i < 2000; ++i) {
      commands += "IAMAT c" + std::to_string(random.below(100)) + " " +
                  places[random.below(places.size())] + " " + times[random.below(times.size())] +
                  "\n";
    }
    socket.send(commands);
  }
  herd::RecordStore expected;
  for (Socket& socket : sockets) {
    std::string answers = lines(socket, 2000);
    ASSERT_EQ(std::count(answers.begin(), answers.end(), '\n'), 2000);
    for (std::size_t at = 0; at < answers.size();) {
      const std::size_t end = answers.find('\n', at);
      const auto command = herd::parse_link_line(std::string_view(answers).substr(at, end - at));
      expected.offer(std::get<herd::RecordView>(command));
      at = end + 1;
    }
  }
  stop();
  // If reports only repeat each other, the database decides which one was first.
  const auto words = [](const herd::RecordStore& store) {
    std::vector<std::tuple<std::string, herd::PosixNs, std::string, std::string>> out;
    for (const herd::RecordView& record : store.sorted()) {
      out.emplace_back(record.client, record.time_ns, record.location, record.server);
    }
    return out;
  };
  EXPECT_EQ(words(herd_->records()), words(expected));
  EXPECT_EQ(recorder_->accepted().size() + recorder_->superseded().size(), 6000U);
  EXPECT_EQ(recorder_->violation_count(), 0U);
}

// Two front ends' batches hold the same clients in different orders: neither waits for the other's
// end.
TEST_F(CentralHerdTest, BatchesDoNotLockEachOtherOut) {
  start();
  if (HasFatalFailure()) return;
  std::vector<Socket> sockets;
  for (std::uint32_t s = 0; s < 3; ++s) sockets.push_back(client(s));
  for (int round = 0; round < 20; ++round) {
    for (std::uint32_t s = 0; s < 3; ++s) {
      std::string commands;
      for (int i = 0; i < 200; ++i) {
        const int id = s == 0 ? i : s == 1 ? 199 - i : (i * 7) % 200;
        commands += "IAMAT c" + std::to_string(id) + " +1-1 " + std::to_string(round) + "\n";
      }
      sockets[s].send(commands);
    }
  }
  for (Socket& socket : sockets) {
    const std::string answers = lines(socket, 4000);
    EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 4000);
  }
  stop();
  std::ifstream log(folder_.path() / "postgresql.out");
  const std::string said{std::istreambuf_iterator<char>(log), {}};
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("deadlock")));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("ERROR")));
}

TEST_F(CentralHerdTest, LeavesItsFolderToNobody) {
  start();
  if (HasFatalFailure()) return;
  const std::filesystem::path folder = herd_->link(0).folder().parent_path();
  EXPECT_TRUE(std::filesystem::exists(folder));
  herd_.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace sim::test
