// The answers of a server to its clients.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kReport =
    "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450";
constexpr std::string_view kAnswer =
    "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450";

// A line of one client, and all that it causes. Each row continues after the previous one.
struct ClientsRow {
  std::string_view name, text, ending, want;
};

void expect_conversation(FakeServer& world, const std::vector<ClientsRow>& rows) {
  for (const auto& [name, text, ending, want] : rows) {
    SCOPED_TRACE(name);
    EXPECT_EQ(world.say(0, text, ending), want);
  }
}

TEST(Clients, Reports) {
  FakeServer world;
  world.open(0);
  const std::string answer = "send 0 [" + std::string(kAnswer);
  const std::string heard = " kiwi.cs.ucla.edu 1479413884.392014450\n" + answer;
  const std::string taken = "heard taken" + heard + "<LF>]\n";
  const std::string held = "heard held" + heard + "<CR><LF>]\n";
  expect_conversation(
      world, {
                 {"the protocol's known answer", kReport, "\n", taken},
                 {"once more, with another ending", kReport, "\r\n", held},
                 {"the same in other white space",
                  "  IAMAT\tkiwi.cs.ucla.edu  "
                  "+34.068930-118.445127 1479413884.392014450 ",
                  "\r\n", held},
                 {"an older one is answered with itself", "IAMAT kiwi.cs.ucla.edu +0+0 1", "\n",
                  "heard stale kiwi.cs.ucla.edu 1\n"
                  "send 0 [AT Alford +1479413883.655887836 kiwi.cs.ucla.edu +0+0 1<LF>]\n"},
                 {"one from the future has a negative skew",
                  "IAMAT kiwi.cs.ucla.edu +0+0 1479413885", "\n",
                  "heard taken kiwi.cs.ucla.edu 1479413885\n"
                  "send 0 [AT Alford -0.344112164 kiwi.cs.ucla.edu +0+0 1479413885<LF>]\n"},
                 {"the same time in more words is a repetition",
                  "IAMAT kiwi.cs.ucla.edu +0+0 1479413885.0", "\n",
                  "heard held kiwi.cs.ucla.edu 1479413885.0\n"
                  "send 0 [AT Alford -0.344112164 kiwi.cs.ucla.edu +0+0 1479413885.0<LF>]\n"},
             });
  EXPECT_EQ(world.server.records().size(), 1U);
}

// Time passes between two identical reports: the answer has another skew, but the record stays.
TEST(Clients, RepetitionKeepsTheFirstSkew) {
  FakeServer world;
  world.open(0);
  world.say(0, kReport);
  world.now += std::chrono::seconds(1);
  EXPECT_EQ(world.say(0, kReport),
            "heard held kiwi.cs.ucla.edu 1479413884.392014450\n"
            "send 0 [AT Alford +1.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 "
            "1479413884.392014450<LF>]\n");
  EXPECT_EQ(world.server.records().find("kiwi.cs.ucla.edu")->view().line, kAnswer);
}

// With a limit, a report too far ahead is answered as any other, and leaves no record.
TEST(Clients, ReportsTooFarAheadAreNotTaken) {
  FakeServer world(Scheme::kFloodEcho, Recovery::kNone, std::nullopt, RecordOrder::kClientTime,
                   std::chrono::seconds(10));
  world.open(0);
  expect_conversation(
      world, {
                 {"at the limit", "IAMAT kiwi +0+0 1479413894.655887836", "\n",
                  "heard taken kiwi 1479413894.655887836\n"
                  "send 0 [AT Alford -10.000000000 kiwi +0+0 1479413894.655887836<LF>]\n"},
                 {"beyond it", "IAMAT kiwi +0+0 1479413894.655887837", "\n",
                  "heard too far ahead kiwi 1479413894.655887837\n"
                  "send 0 [AT Alford -10.000000001 kiwi +0+0 1479413894.655887837<LF>]\n"},
                 {"the last time that there is", "IAMAT kiwi +0+0 9223372036.854775807", "\r\n",
                  "heard too far ahead kiwi 9223372036.854775807\n"
                  "send 0 [AT Alford -7743958152.198887971 kiwi +0+0 "
                  "9223372036.854775807<CR><LF>]\n"},
                 {"of a client that is not known", "IAMAT pear +0+0 9223372036", "\n",
                  "heard too far ahead pear 9223372036\n"
                  "send 0 [AT Alford -7743958151.344112164 pear +0+0 9223372036<LF>]\n"},
                 {"so it stays unknown", "WHATSAT pear 10 5", "\n",
                  "refused: unknown-client @8 'pear'\nsend 0 [? WHATSAT pear 10 5<LF>]\n"},
                 {"the client goes on", "IAMAT kiwi +1+1 1479413894.655887836", "\n",
                  "heard taken kiwi 1479413894.655887836\n"
                  "send 0 [AT Alford -10.000000000 kiwi +1+1 1479413894.655887836<LF>]\n"},
             });
  EXPECT_EQ(world.server.records().size(), 1U);
}

// Without a limit the paper's rule holds: such a report silences its client.
TEST(Clients, ReportsFarAheadAreTakenByDefault) {
  FakeServer world;
  world.open(0);
  world.say(0, "IAMAT kiwi +0+0 9223372036.854775807");
  EXPECT_EQ(world.say(0, "IAMAT kiwi +1+1 1479413884"),
            "heard stale kiwi 1479413884\n"
            "send 0 [AT Alford +0.655887836 kiwi +1+1 1479413884<LF>]\n");
}

TEST(Records, AreAheadOfAClockByMoreThanALimit) {
  using namespace std::chrono_literals;
  constexpr PosixNs kLeastTime = std::numeric_limits<PosixNs>::min();
  constexpr PosixNs kGreatestTime = std::numeric_limits<PosixNs>::max();
  EXPECT_FALSE(is_ahead(0, 0, 0ns));
  EXPECT_TRUE(is_ahead(1, 0, 0ns));
  EXPECT_FALSE(is_ahead(5, 0, 5ns));
  EXPECT_TRUE(is_ahead(6, 0, 5ns));
  EXPECT_FALSE(is_ahead(6, 1, 5ns));
  EXPECT_TRUE(is_ahead(kGreatestTime, kLeastTime, 1min));
  EXPECT_TRUE(is_ahead(kGreatestTime, -1, Duration(kGreatestTime - 1)));
  EXPECT_FALSE(is_ahead(kGreatestTime, kGreatestTime, 0ns));
  EXPECT_FALSE(is_ahead(0, kGreatestTime, 0ns));
}

TEST(Clients, BadLinesComeBackAsTheyWere) {
  FakeServer world;
  world.open(0);
  expect_conversation(
      world,
      {
          {"empty", "", "\n", "refused: missing-field @0\nsend 0 [? <LF>]\n"},
          {"empty with CR LF", "", "\r\n", "refused: missing-field @0\nsend 0 [? <CR><LF>]\n"},
          {"white space", " \t", "\n", "refused: missing-field @2\nsend 0 [?  \t<LF>]\n"},
          {"unknown", "HELLO  there ", "\r\n",
           "refused: unknown-command @0 'HELLO'\nsend 0 [? HELLO  there <CR><LF>]\n"},
          {"a lone CR", "a\rb", "\n", "refused: unknown-command @0 'a'\nsend 0 [? a<CR>b<LF>]\n"},
          {"NUL", "\0"sv, "\n",
           "refused: unknown-command @0 '\0'\n"
           "send 0 [? \0<LF>]\n"sv},
          {"bytes above 127", "\xff\xfe", "\n",
           "refused: unknown-command @0 '\xff\xfe'\nsend 0 [? \xff\xfe<LF>]\n"},
          {"a bad field", "IAMAT c home 0", "\n",
           "refused: bad-location @8 'home'\nsend 0 [? IAMAT c home 0<LF>]\n"},
          {"a client's AT", "AT Alford +1 c +0+0 0", "\n",
           "refused: unknown-command @0 'AT'\nsend 0 [? AT Alford +1 c +0+0 0<LF>]\n"},
          {"a client's LINKED", "LINKED paper Hamilton Alford x", "\n",
           "refused: unknown-command @0 'LINKED'\n"
           "send 0 [? LINKED paper Hamilton Alford x<LF>]\n"},
          {"a client that nobody knows", "WHATSAT nobody 10 5", "\r\n",
           "refused: unknown-client @8 'nobody'\nsend 0 [? WHATSAT nobody 10 5<CR><LF>]\n"},
          {"nobody knows it, and the bound is bad", "WHATSAT nobody 10 21", "\n",
           "refused: bad-bound @18 '21'\nsend 0 [? WHATSAT nobody 10 21<LF>]\n"},
          {"the connection goes on", "IAMAT c +0+0 1479413884", "\n",
           "heard taken c 1479413884\n"
           "send 0 [AT Alford +0.655887836 c +0+0 1479413884<LF>]\n"},
          {"clients are told apart by case", "WHATSAT C 10 5", "\n",
           "refused: unknown-client @8 'C'\nsend 0 [? WHATSAT C 10 5<LF>]\n"},
      });
  EXPECT_EQ(world.server.records().size(), 1U);
}

// An IAMAT that is not newer is not relayed.
TEST(Clients, OnlyNewsIsFlooded) {
  for (const Scheme& scheme : {Scheme::kFloodEcho, Scheme::kFlood}) {
    FakeServer world(scheme);
    world.link_up();
    world.open(0);
    expect_conversation(
        world,
        {
            {"news", "IAMAT c +0+2 1479413884", "\r\n",
             "heard taken c 1479413884\n"
             "send 0 [AT Alford +0.655887836 c +0+2 1479413884<CR><LF>]\n"
             "sent 0 c 1479413884\nupdate 10 [AT Alford +0.655887836 c +0+2 1479413884]\n"
             "sent 1 c 1479413884\nupdate 11 [AT Alford +0.655887836 c +0+2 1479413884]\n"},
            {"repeated", "IAMAT c +0+2 1479413884", "\n",
             "heard held c 1479413884\nsend 0 [AT Alford +0.655887836 c +0+2 1479413884<LF>]\n"},
            {"repeated in other words", "IAMAT c +0+2 1479413884.0", "\n",
             "heard held c 1479413884.0\n"
             "send 0 [AT Alford +0.655887836 c +0+2 1479413884.0<LF>]\n"},
            {"older", "IAMAT c +0+2 1479413883", "\n",
             "heard stale c 1479413883\nsend 0 [AT Alford +1.655887836 c +0+2 1479413883<LF>]\n"},
            {"elsewhere at the same time, and less", "IAMAT c +0+1 1479413884", "\n",
             "heard stale c 1479413884\nsend 0 [AT Alford +0.655887836 c +0+1 1479413884<LF>]\n"},
        });
  }
}

TEST(Clients, QuestionIsAnsweredWithTheKnownLineAndPlaces) {
  FakeServer world;
  world.open(0);
  world.say(0, kReport);
  for (const std::string_view ending : {"\n"sv, "\r\n"sv}) {
    const std::string query = ending == "\n" ? "0" : "1";
    EXPECT_EQ(world.say(0, "WHATSAT kiwi.cs.ucla.edu 2.50 5", ending),
              "query kiwi.cs.ucla.edu 2.50 5\n"
              "ask " +
                  query + " +34.068930-118.445127 2.50 2.500000 5\n");
    EXPECT_EQ(world.server.waiting_answers(ConnectionId{0}), 1U);
    const std::string end = visible(ending);
    EXPECT_EQ(world.places(ending == "\n" ? 0 : 1, "{\n}"),
              "send 0 [" + std::string(kAnswer) + end + "{<LF>}" + end + end + "]\n");
    EXPECT_EQ(world.server.waiting_answers(ConnectionId{0}), 0U);
  }
}

// A query about a neighbour's record is answered with that record's text and its server's skew.
TEST(Clients, QuestionAboutAnotherServersClient) {
  FakeServer world;
  world.link_up();
  world.open(0);
  world.say(10, "AT Ball -7.5 cab +1+2 3");
  EXPECT_EQ(world.say(0, "WHATSAT cab 10 1", "\r\n"),
            "query cab 10 1\nask 0 +1+2 10 10.000000 1\n");
  EXPECT_EQ(world.places(0, "{}"), "send 0 [AT Ball -7.5 cab +1+2 3<CR><LF>{}<CR><LF><CR><LF>]\n");
}

// Answers after a query wait for its answer. The effects of those commands do not wait.
TEST(Clients, QuestionHoldsBackAnswersNotEffects) {
  FakeServer world;
  world.link_up();
  world.open(0);
  world.say(0, "IAMAT c +0+1 1479413884");
  const std::string first = "AT Alford +0.655887836 c +0+1 1479413884<LF>";
  expect_conversation(
      world,
      {
          {"a question", "WHATSAT c 1 1", "\n", "query c 1 1\nask 0 +0+1 1 1.000000 1\n"},
          {"a report behind it is flooded at once", "IAMAT c +0+2 1479413885", "\r\n",
           "heard taken c 1479413885\n"
           "sent 0 c 1479413885\nupdate 10 [AT Alford -0.344112164 c +0+2 1479413885]\n"
           "sent 1 c 1479413885\nupdate 11 [AT Alford -0.344112164 c +0+2 1479413885]\n"},
          {"a bad line", "HELLO", "\n", "refused: unknown-command @0 'HELLO'\n"},
          {"a question about the newer place", "WHATSAT c 2 2", "\r\n",
           "query c 2 2\nask 1 +0+2 2 2.000000 2\n"},
          {"a question about nobody", "WHATSAT d 1 1", "\n", "refused: unknown-client @8 'd'\n"},
          {"and once more", "WHATSAT c 3 3", "\n", "query c 3 3\nask 2 +0+2 3 3.000000 3\n"},
      });
  EXPECT_EQ(world.server.waiting_answers(ConnectionId{0}), 3U);
  EXPECT_EQ(world.places(1, "{1}"), "") << "the first is still due";
  EXPECT_EQ(world.places(0, "{0}"),
            "send 0 [" + first + "{0}<LF><LF>" +
                "AT Alford -0.344112164 c +0+2 1479413885<CR><LF>? HELLO<LF>]\n"
                "send 0 [AT Alford -0.344112164 c +0+2 1479413885<CR><LF>{1}<CR><LF><CR><LF>"
                "? WHATSAT d 1 1<LF>]\n");
  EXPECT_EQ(world.places(2, "{2}"),
            "send 0 [AT Alford -0.344112164 c +0+2 1479413885<LF>{2}<LF><LF>]\n");
  EXPECT_EQ(world.say(0, "HELLO"), "refused: unknown-command @0 'HELLO'\nsend 0 [? HELLO<LF>]\n")
      << "nothing is held back any more";
}

// Places may answer four queries in any order; the stream of answers is the same.
TEST(Clients, AnswersComeInOrderHoweverPlacesAnswers) {
  std::vector<std::uint32_t> order = {0, 1, 2, 3};
  std::string want;
  do {
    FakeServer world;
    world.open(0);
    world.say(0, "IAMAT c +0+1 1");
    for (const std::string bound : {"1", "2", "3", "4"}) {
      world.say(0, "WHATSAT c 1 " + bound);
      world.say(0, "bad " + bound);
    }
    std::string got;
    for (const std::uint32_t query : order) {
      std::string out = world.places(query, std::to_string(query));
      for (const std::string_view cut : {"send 0 ["sv, "]\n"sv}) {
        for (auto at = out.find(cut); at != out.npos; at = out.find(cut)) out.erase(at, cut.size());
      }
      got += out;
    }
    if (want.empty()) want = got;
    EXPECT_EQ(got, want);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_NE(want.find("3<LF><LF>? bad 4<LF>"), want.npos);
}

TEST(Clients, QuestionsOfOneDoNotHoldBackAnother) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.say(0, "IAMAT c +0+1 1");
  world.say(0, "WHATSAT c 1 1");
  EXPECT_EQ(world.say(1, "x"), "refused: unknown-command @0 'x'\nsend 1 [? x<LF>]\n");
}

TEST(Clients, OverlongLine) {
  FakeServer world;
  world.open(0);
  const std::string begin(kOverlongEcho, 'x');
  EXPECT_EQ(world.say_overlong(0, begin), "refused: too-long @8192 '" + begin + "'\nsend 0 [? " +
                                              begin + "<LF>]\nclose 0 overlong\n");
  EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "") << "what follows is not read";
  EXPECT_EQ(world.say_overlong(0, begin), "");
  EXPECT_EQ(world.end_input(0), "");
  EXPECT_EQ(world.gone(0), "");
}

TEST(Clients, OverlongLineIsAnsweredAfterWhatIsDue) {
  FakeServer world;
  world.open(0);
  world.say(0, "IAMAT c +0+1 1479413884");
  world.say(0, "WHATSAT c 1 1");
  const std::string begin(kOverlongEcho, 'x');
  EXPECT_EQ(world.say_overlong(0, begin), "refused: too-long @8192 '" + begin + "'\n");
  EXPECT_EQ(world.places(0, "{}"),
            "send 0 [AT Alford +0.655887836 c +0+1 1479413884<LF>{}<LF><LF>? " + begin +
                "<LF>]\nclose 0 overlong\n");
}

TEST(Clients, WhoSendsNoMoreStillGetsAnswers) {
  FakeServer world;
  world.open(0);
  world.open(1);
  EXPECT_EQ(world.end_input(1), "close 1 peer-done\n");
  world.say(0, "IAMAT c +0+1 1479413884");
  world.say(0, "WHATSAT c 1 1");
  EXPECT_EQ(world.end_input(0), "");
  EXPECT_EQ(world.places(0, "{}"),
            "send 0 [AT Alford +0.655887836 c +0+1 1479413884<LF>{}<LF><LF>]\n"
            "close 0 peer-done\n");
  EXPECT_EQ(world.gone(0), "");
}

// Effects that tell the server when a client's output is full.
class FullTrace final : public Trace {
 public:
  bool has_room(ConnectionId) const override { return room; }
  bool room = true;
};

class NarrowServer {
 public:
  NarrowServer() : server(ServerId{0}, {.name = "Alford"}, trace, trace) {
    server.connection_opened(kClient);
    say("IAMAT c +0+1 1479413884");
    trace.take();
  }
  std::string say(std::string_view line) {
    server.line_received(kClient, {line, "\n"}, moment_at(Instant{}));
    return trace.take();
  }
  std::string places(std::uint32_t query, SharedText json) {
    server.places_answered(QueryId{query}, std::move(json));
    return trace.take();
  }
  std::string drained() {
    server.output_drained(kClient);
    return trace.take();
  }
  std::size_t waiting() const { return server.waiting_bytes(kClient); }

  static constexpr ConnectionId kClient{0};
  FullTrace trace;
  Server server;
};

constexpr std::string_view kAnswerOfC = "AT Alford +0.655887836 c +0+1 1479413884<LF>";

TEST(Clients, EverythingThatWaitsIsCounted) {
  NarrowServer world;
  EXPECT_EQ(world.waiting(), 0U);
  world.say("WHATSAT c 1 1");
  const std::size_t line = kAnswerOfC.size() - std::string_view("LF>").size();
  EXPECT_EQ(world.waiting(), line);
  world.say("IAMAT d +0+1 1479413884");
  EXPECT_EQ(world.waiting(), 2 * line) << "an answer behind it";
  world.say(std::string(1000, 'x'));
  EXPECT_EQ(world.waiting(), 2 * line + 1003) << "a refusal behind it";
  world.say("WHATSAT c 2 1");
  world.places(1, SharedText(std::string(500, ' ')));
  EXPECT_EQ(world.waiting(), 3 * line + 1503) << "an answer from Places that is not next";
  world.places(0, SharedText(std::string("{}")));
  EXPECT_EQ(world.waiting(), 0U);
}

TEST(Clients, AnswersWaitUntilThereIsRoom) {
  NarrowServer world;
  world.say("WHATSAT c 1 1");
  world.say("WHATSAT c 2 1");
  world.say("bad");
  world.trace.room = false;
  EXPECT_EQ(world.places(0, SharedText(std::string("{0}"))), "");
  EXPECT_EQ(world.places(1, SharedText(std::string("{1}"))), "");
  EXPECT_EQ(world.drained(), "") << "it is full again";
  world.trace.room = true;
  EXPECT_EQ(world.drained(), "send 0 [" + std::string(kAnswerOfC) + "{0}<LF><LF>]\nsend 0 [" +
                                 std::string(kAnswerOfC) + "{1}<LF><LF>? bad<LF>]\n");
  EXPECT_EQ(world.drained(), "");
  EXPECT_EQ(world.waiting(), 0U);
}

// One body serves all who asked for it, each with its own number of results.
TEST(Clients, OneBodyIsSharedByAllThatWaitForIt) {
  NarrowServer world;
  const auto body = std::make_shared<const std::string>(std::string(200'000, 'x'));
  world.say("WHATSAT c 9 1");
  for (int i = 0; i < 500; ++i) world.say("WHATSAT c 1 5");
  const std::size_t before = world.waiting();
  for (std::uint32_t query = 1; query <= 500; ++query) {
    world.places(query, SharedText(body, 10, 10 + query));
  }
  EXPECT_EQ(world.waiting(), before + body->size());
  EXPECT_LE(body.use_count(), 502);
  world.trace.room = false;
  world.places(0, SharedText(std::string("{}")));
  EXPECT_GT(world.waiting(), before);
  world.trace.room = true;
  const std::string sent = world.drained();
  EXPECT_EQ(std::ranges::count(sent, '\n'), 501);
  EXPECT_EQ(world.waiting(), 0U);
  EXPECT_EQ(body.use_count(), 1);
}

// Whatever Places answers, a client that asks much and reads nothing holds little of it.
TEST(Clients, AnswersFromPlacesThatWaitAreBounded) {
  NarrowServer world;
  world.trace.room = false;
  for (int i = 0; i < 1000; ++i) world.say("WHATSAT c 1 5");
  for (std::uint32_t query = 0; query < 1000; ++query) {
    world.places(query, SharedText(std::string(100'000, 'x')));
  }
  EXPECT_LT(world.waiting(), std::size_t{1} << 20);
  world.trace.room = true;
  const std::string sent = world.drained();
  EXPECT_EQ(std::ranges::count(sent, '\n'), 1000) << "each is answered";
  EXPECT_NE(sent.find("UNKNOWN_ERROR"), sent.npos);
}

TEST(Clients, ReportsForWhichThereIsNoRoomAreRefused) {
  FakeServer world(Scheme::kFlood, Recovery::kNone, std::nullopt, RecordOrder::kClientTime,
                   std::nullopt, {.max_records = 1});
  world.link_up();
  world.open(0);
  world.say(0, "IAMAT c +0+1 1479413884");
  EXPECT_EQ(world.say(0, "IAMAT d +0+1 1"),
            "refused: store-full @6 'd'\nsend 0 [? IAMAT d +0+1 1<LF>]\n");
  EXPECT_EQ(world.say(11, "AT Ball +1 d +0+1 1"), "refused on a link: store-full @11 'd'\n");
  EXPECT_EQ(world.server.records().size(), 1U);
  EXPECT_NE(world.say(11, "AT Ball +1 c +0+1 1479413885").find("update 10"), std::string::npos);
}

TEST(Clients, PlacesAnswersNobodyWhereTheClientLeft) {
  FakeServer world;
  world.open(0);
  world.say(0, "IAMAT c +0+1 1");
  world.say(0, "WHATSAT c 1 1");
  world.gone(0);
  world.open(0);  // another client gets the id
  EXPECT_EQ(world.server.waiting_answers(ConnectionId{0}), 0U);
  EXPECT_EQ(world.places(0, "{}"), "");
  EXPECT_EQ(world.places(77, "{}"), "") << "nor where nobody asked";
  world.say(0, "WHATSAT c 1 1");
  EXPECT_EQ(world.places(0, "{}"), "") << "nor where the question is another one";
  EXPECT_NE(world.places(1, "{}"), "");
}

TEST(Clients, MayLeaveAtAnyTime) {
  FakeServer world;
  for (const std::string_view last : {""sv, "x"sv, "IAMAT c +0+1 1"sv, "WHATSAT c 1 1"sv}) {
    world.open(5);
    if (!last.empty()) world.say(5, last);
    EXPECT_EQ(world.gone(5), "") << last;
  }
  EXPECT_EQ(world.server.deadline(), std::nullopt);
}

TEST(Clients, LineLimitIsTheirs) {
  FakeServer world;
  world.link_up();
  world.open(0);
  EXPECT_EQ(world.server.max_line(ConnectionId{0}), 8192U);
  EXPECT_EQ(world.server.max_line(ConnectionId{10}), 9216U);
  EXPECT_EQ(world.server.max_line(ConnectionId{11}), 9216U);
}

}  // namespace
}  // namespace herd
