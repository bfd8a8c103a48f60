// Tests a fleet with servers that others wrote: what it makes of each outcome.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/run/clients/fleet.h"
#include "tests/sim/run/fake_client_world.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct LenientPlay : FleetPlay {
  explicit LenientPlay(Plan script) : FleetPlay(std::move(script), ReplyRules::kLenient) {}
  const ReplyCounts& counts() const { return log().reply_counts.at(0); }
};

std::vector<std::uint64_t> numbers(const ReplyCounts& counts) {
  return {counts.replies, counts.refusals, counts.closings, counts.silences, counts.odd_replies};
}

TEST(LenientFleet, EachOutcomeIsCountedAndNoneHangs) {
  LenientPlay play(kiwi()
                       .update(0, at_ms(1))
                       .update(0, at_ms(2))
                       .update(0, at_ms(3))
                       .update(0, at_ms(4))
                       .update(0, at_ms(5))
                       .update(0, at_ms(6)));
  std::vector<std::tuple<std::uint32_t, std::uint32_t, herd::Instant>> heard;
  play.fleet.set_on_reply([&](std::uint32_t update, std::uint32_t server, herd::Instant when) {
    heard.emplace_back(update, server, when);
  });
  play.start().until_ms(6);
  play.reply(0, std::string(kAnswer1) + "\n");
  play.reply(0, "AT Alf 0.5 kiwi 1.000000000002e9 more");
  play.reply(0, "?");
  play.missing(0, NoReply::kSilence);
  play.reply(0, "AT A", true);
  EXPECT_FALSE(play.idle());
  play.missing(0, NoReply::kClosed);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(numbers(play.counts()), ElementsAre(2, 1, 2, 1, 2));
  ASSERT_EQ(play.log().odd_replies.size(), 2U);
  EXPECT_THAT(play.log().odd_replies[0],
              testing::AllOf(HasSubstr("client kiwi at "), HasSubstr("'IAMAT kiwi "),
                             HasSubstr("was answered with 'AT Alf 0.5 kiwi 1.000000000002e9 more'"),
                             HasSubstr("; the protocol has 'AT "),
                             HasSubstr(" +SECONDS.NANOSECONDS kiwi ")));
  EXPECT_THAT(play.log().odd_replies[1], HasSubstr("with '?'; the protocol has '? IAMAT kiwi "));
  EXPECT_THAT(play.log().violations, IsEmpty());
  const auto& answered = play.log().answered;
  EXPECT_TRUE(answered[0] && answered[1]);
  EXPECT_FALSE(answered[2] || answered[3] || answered[4] || answered[5]);
  EXPECT_THAT(heard, ElementsAre(FieldsAre(0U, 0U, at_ms(6)), FieldsAre(1U, 0U, at_ms(6))));
}

TEST(LenientFleet, TheTimeOfAReplyIsTheWorlds) {
  LenientPlay play(kiwi().update(0, at_ms(1)));
  play.start().until_ms(9);
  play.fleet.reply_received(ClientConnection{0}, {kAnswer1, at_ms(4)});
  EXPECT_EQ(play.log().answered[0], at_ms(4));
}

TEST(LenientFleet, AnAnswerAboutAnotherReportIsAViolation) {
  LenientPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(2);
  play.reply(0, "AT A +0.5 kiwi +34.068930-118.445127 1000000000.002000000");
  play.reply(0, "OK");
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(
      play.log().violations,
      ElementsAre(
          "client kiwi at A: the answer to an IAMAT is about another report: 'AT A +0.5 kiwi "
          "+34.068930-118.445127 1000000000.002000000', to the client's line 'IAMAT kiwi "
          "+34.068930-118.445127 1000000000.001000000'",
          HasSubstr("the answer to an IAMAT is not an AT: 'OK'")));
  EXPECT_THAT(numbers(play.counts()), ElementsAre(2, 0, 0, 0, 0));
  EXPECT_FALSE(play.log().answered[0]);
}

TEST(LenientFleet, QueriesAndTheScriptsOwnLines) {
  LenientPlay play(kiwi()
                       .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                       .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                       .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                       .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                       .line(0, at_ms(1), "HELLO")
                       .line(0, at_ms(1), "HELLO")
                       .line(0, at_ms(1), "HELLO"));
  play.start().until_ms(2);
  play.reply(0, "AT B +0.5 kiwi +1.0+1.0 7.5\n{\"status\": \"OK\", \"results\": [1, 2]}");
  play.reply(0, "AT B +0.5 kiwi +1.0+1.0 7.5\nno places today\n\n");
  play.reply(0, "? ");
  play.missing(0, NoReply::kSilence);
  play.reply(0, "? HELLO\n");
  play.reply(0, "?\n");
  play.reply(0, "HELLO\n");
  EXPECT_TRUE(play.idle());
  const auto& queries = play.log().queries;
  EXPECT_EQ(queries[0].status, "OK");
  EXPECT_EQ(queries[0].places, 2U);
  EXPECT_EQ(queries[0].answered, at_ms(2));
  EXPECT_EQ(queries[1].status, "");
  EXPECT_EQ(queries[1].answered, at_ms(2));
  EXPECT_EQ(queries[2].status, "?");
  EXPECT_FALSE(queries[3].answered);
  EXPECT_THAT(numbers(play.counts()), ElementsAre(3, 3, 0, 1, 5));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(LenientFleet, LinesThatWaitForTheirTurnAreNoSilences) {
  LenientPlay play(kiwi()
                       .update(0, at_ms(1))
                       .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                       .update(0, at_ms(2))
                       .update(0, at_ms(3)));
  play.start().until_ms(3);
  play.world.unsent_lines = 3;
  play.world.unfinished_text = "AT A +0.5 kiwi\n and more than forty bytes of it";
  play.fleet.stop();
  EXPECT_THAT(numbers(play.counts()), ElementsAre(0, 0, 0, 1, 0));
  EXPECT_THAT(play.log().unsent_updates, ElementsAre(1, 2));
  EXPECT_THAT(play.log().unsent_queries, ElementsAre(0));
  EXPECT_TRUE(play.log().unanswered.empty()) << "nobody owes an answer";
  EXPECT_EQ(play.log().unfinished_replies, 1U);
  EXPECT_EQ(play.log().first_unfinished, "AT A +0.5 kiwi\n and more than forty byte");
}

TEST(LenientFleet, BytesThatAreNoReplyAreKept) {
  LenientPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(2);
  play.missing(0, NoReply::kSilence, "first");
  play.reply(0, "AT A", true);
  EXPECT_EQ(play.log().unfinished_replies, 2U);
  EXPECT_EQ(play.log().first_unfinished, "first");
}

TEST(LenientFleet, ARefusalMayHaveOtherWords) {
  LenientPlay play(kiwi().update(0, at_ms(1)).line(0, at_ms(2), "HELLO"));
  play.fleet.set_refusal(Pattern("^ERROR"));
  play.start().until_ms(2);
  play.reply(0, "ERROR 12\n");
  play.reply(0, "No ERROR at all\n");
  EXPECT_THAT(numbers(play.counts()), ElementsAre(1, 1, 0, 0, 2));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(LenientFleet, WhatNeverWentOutGoesOutOnTheNextConnection) {
  LenientPlay play(kiwi().update(0, at_ms(1)).line(0, at_ms(2), "HELLO"));
  play.start().until_ms(2);
  play.missing(0, NoReply::kClosed);
  play.gone(0, false);
  EXPECT_FALSE(play.idle());
  EXPECT_EQ(play.until_ms(102), "connect 1 to 0\nsend 1 [HELLO]\n");
  play.connected(1);
  play.reply(1, "? HELLO");
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(numbers(play.counts()), ElementsAre(0, 1, 1, 0, 0));
  EXPECT_EQ(play.log().connections_lost[0], 1U);
}

TEST(LenientFleet, WhatIsLeftOnAConnectionThatTheClientEndedIsClosed) {
  LenientPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(1)).move(0, at_ms(2), 1));
  play.start().until_ms(2);
  play.gone(0, true);
  play.connected(1);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(numbers(play.counts()), ElementsAre(0, 0, 2, 0, 0));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(LenientFleet, AServerThatClosesBeforeTheRunIsDialledAgainInIt) {
  LenientPlay play(HandPlan().client("kiwi", 0).client("emu", 1).update(0, at_ms(1)));
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  play.connected(0);
  play.gone(0, false);
  EXPECT_THAT(play.ready, IsEmpty());
  play.connected(1);
  EXPECT_THAT(play.ready, ElementsAre(std::nullopt));
  play.world.take();
  play.fleet.begin(ToyHerd::kBase);
  EXPECT_EQ(play.world.take(), "connect 2 to 0\n");
  EXPECT_EQ(play.log().connections_lost[0], 1U);
}

TEST(LenientFleet, AServerThatIsNotThereIsAnErrorBeforeTheRun) {
  LenientPlay play(kiwi());
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  play.gone(0, false);
  EXPECT_THAT(play.ready, ElementsAre("client kiwi cannot connect to server A: broken"));
}

TEST(LenientFleet, WhatIsDueAtTheEndIsSilence) {
  LenientPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(1)));
  play.start().until_ms(2);
  play.reply(0, kAnswer1);
  play.fleet.stop();
  EXPECT_TRUE(play.log().unanswered.empty() && !play.idle());
  play.reply(0, kAnswer1);  // comes too late
  EXPECT_THAT(numbers(play.counts()), ElementsAre(1, 0, 0, 1, 0));
}

// The same counts, for servers of our own.
TEST(StrictFleet, CountsOutcomesToo) {
  FleetPlay play(kiwi()
                     .update(0, at_ms(1))
                     .line(0, at_ms(1), "HELLO")
                     .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                     .query(0, at_ms(1), "WHATSAT ghost 10 5")
                     .line(0, at_ms(1), "lost")
                     .line(0, at_ms(200), "late"));
  std::vector<std::uint32_t> heard;
  play.fleet.set_on_reply(
      [&](std::uint32_t update, std::uint32_t, herd::Instant) { heard.push_back(update); });
  play.start().until_ms(1);
  play.say(0, kAnswer1);
  play.say(0, "? HELLO");
  play.say(0, "AT A +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OK", "results": []})");
  play.say(0, "");
  play.say(0, "? WHATSAT ghost 10 5");
  play.gone(0, false);
  play.until_ms(200);
  play.connected(1);
  play.fleet.stop();
  EXPECT_THAT(numbers(play.log().reply_counts[0]), ElementsAre(2, 2, 1, 1, 0));
  EXPECT_THAT(heard, ElementsAre(0U));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(StrictFleet, AWrongAnswerIsNoReplyToTheUpdate) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  int heard = 0;
  play.fleet.set_on_reply([&](std::uint32_t, std::uint32_t, herd::Instant) { ++heard; });
  play.start().until_ms(1);
  play.say(0, "AT B +0.5 kiwi +34.068930-118.445127 1000000000.001000000");
  EXPECT_EQ(heard, 0);
}

}  // namespace
}  // namespace sim
