// What `herdsim try` says of a herd, as text and as JSON, and what it keeps of the herd's links.
#include "sim/app/attempt/findings.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "sim/app/attempt/habits.h"
#include "sim/app/attempt/link_lines.h"
#include "sim/app/attempt/tried_command.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

BrokenRule failure(const std::string& rule, const std::string& world) {
  return {rule, world, "a sentence", "'sent'", "'expected'", "nothing"};
}

TEST(Findings, CountARuleThatIsBrokenAgain) {
  Findings findings;
  findings.fail(failure("flood", "burst"));
  findings.fail(failure("flood", "burst"));
  findings.fail(failure("flood", "restart"));
  ASSERT_EQ(findings.failures().size(), 2U);
  EXPECT_EQ(findings.failures()[0].times, 2U);
  EXPECT_EQ(findings.failures()[1].times, 1U);
  EXPECT_TRUE(findings.has("flood"));
  EXPECT_FALSE(findings.has("floo"));
}

TEST(Findings, AreToldInWords) {
  Findings findings;
  findings.hold();
  findings.fail(failure("flood", "burst"));
  findings.not_played("restart", "one process is the whole herd");
  findings.note("a note");
  findings.note("a note");
  const OwnedJson engine = parse_json(R"({"command": ["x"]})");
  EXPECT_EQ(findings_text(findings, engine.get()), R"(A scenario drives this herd with

"engine": {
  "command": [
    "x"
  ]
}

WRONG  a sentence (burst)
       sent      'sent'
       expected  'expected'
       came      nothing

not played
  restart: one process is the whole herd

notes
  a note

1 checks held, 1 rule is broken
)");
}

TEST(Findings, AreToldToPrograms) {
  Findings findings;
  const OwnedJson engine = parse_json(R"({"command": ["x"]})");
  EXPECT_EQ(json_true(),
            json_object_get(parse_json(findings_json(findings, engine.get())).get(), "ok"));
  findings.fail(failure("flood", "burst"));
  const OwnedJson found = parse_json(findings_json(findings, engine.get()));
  EXPECT_EQ(json_integer_value(json_object_get(found.get(), "format")), 1);
  EXPECT_EQ(json_false(), json_object_get(found.get(), "ok"));
  const json_t* const first = json_array_get(json_object_get(found.get(), "failures"), 0);
  EXPECT_EQ(string_of(json_object_get(first, "rule")), "flood");
  EXPECT_EQ(string_of(json_object_get(first, "came")), "nothing");
}

TEST(Findings, ShowBytesOnOneLine) {
  EXPECT_EQ(shown_bytes("a\r\n\x01"), "'a\\x0d\\x0a\\x01'");
  const std::string shown = shown_bytes(std::string(200, 'x'));
  EXPECT_TRUE(shown.ends_with("' and 40 more bytes")) << shown;
}

TEST(LinkLines, CountLinesThatNameAClientOfTheAttempt) {
  LinkLines lines(4);
  lines.add(1, "AT Alford +1.5 try-a-1 +1+1 5");
  lines.add(1, "AT Alford +1.5 try-a-1 +1+1 6");
  lines.add(2, R"({"client": "try-a-1", "time": 5})");
  lines.add(3, "AT Alford +1.5 kiwi +1+1 5");
  EXPECT_EQ(lines.counts("try-a-1"), (std::vector<std::size_t>{0, 2, 1, 0}));
  EXPECT_EQ(lines.last("try-a-1", 1), "AT Alford +1.5 try-a-1 +1+1 6");
  EXPECT_EQ(lines.counts("kiwi"), (std::vector<std::size_t>(4)));
  EXPECT_EQ(lines.last("try-b-1", 1), "");
}

TEST(LinkLines, CountAnswersToBadLinesApart) {
  LinkLines lines(2);
  lines.add(1, "? AT Alford +1.5 try-a-1 +1+1 5");
  EXPECT_FALSE(lines.any());
  EXPECT_EQ(lines.counts("try-a-1"), (std::vector<std::size_t>(2)));
  EXPECT_EQ(lines.refusals(), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(lines.last_refusal(1), "? AT Alford +1.5 try-a-1 +1+1 5");
  lines.add(0, "AT Alford +1.5 try-a-1 +1+1 5");
  EXPECT_TRUE(lines.any());
}

TEST(TriedCommand, MakesAnEngineOfItsHabits) {
  TriedCommand command;
  command.words = {"herd", "{server}", "{port}"};
  command.env = {{"KEY", "{secret}"}};
  Habits habits;
  habits.links = LinkUse::kPerMessage;
  habits.dialect.line_ending = LineEnding::kCrLf;
  habits.dialect.connection = ConnectionUse::kOneCommand;
  habits.dialect.reply_end = ReplyEof{};
  EXPECT_EQ(
      dump_json(engine_json(command, habits).get(), 0),
      R"({"command":["herd","{server}","{port}"],"env":{"KEY":"{secret}"},"line_ending":"crlf",)"
      R"("connection":"one-command","reply_end":"eof"})");
  const auto scenario = tried_scenario(command, habits, R"("duration": "1s")");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->herds.front().servers.size(), 5U);
  EXPECT_FALSE(scenario->herds.front().reaches_links());
}

TEST(TriedCommand, IsOneProcessIfItIsToldOfAllServersOnly) {
  TriedCommand command;
  command.words = {"herd", "{servers}"};
  EXPECT_EQ(string_of(json_object_get(engine_json(command, {}).get(), "per")), "herd");
  command.words.push_back("{server}");
  EXPECT_EQ(json_object_get(engine_json(command, {}).get(), "per"), nullptr);
}

TEST(TriedCommand, IsRefusedWithAWordThatStandsForNothing) {
  TriedCommand command;
  command.words = {"herd", "{prot}"};
  const auto scenario = tried_scenario(command, {}, R"("duration": "1s")");
  ASSERT_FALSE(scenario);
  EXPECT_NE(scenario.error().message.find("{prot} stands for nothing"), std::string::npos);
}

}  // namespace
}  // namespace sim
