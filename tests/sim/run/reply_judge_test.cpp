#include "sim/run/clients/reply_judge.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace sim {
namespace {

const ReportSent kSent{"Alford",
                       "IAMAT kiwi +34.068930-118.445127 1479413884.392014450",
                       "kiwi",
                       "+34.068930-118.445127",
                       "1479413884.392014450",
                       1'479'413'884'392'014'450};
const std::string kAnswer =
    "AT Alford +0.263873386 kiwi +34.068930-118.445127 1479413884.392014450";

enum class Is { kRight, kOdd, kRefusal, kOddRefusal, kNone, kWrong };

Is what_is(const ReplyVerdict& verdict) {
  switch (verdict.kind) {
    case ReplyKind::kReply:
      return verdict.odd ? Is::kOdd : Is::kRight;
    case ReplyKind::kRefusal:
      return verdict.odd ? Is::kOddRefusal : Is::kRefusal;
    case ReplyKind::kNone:
      return Is::kNone;
    case ReplyKind::kWrong:
      break;
  }
  EXPECT_FALSE(verdict.complaint.empty());
  return Is::kWrong;
}

struct ReplyCase {
  const char* name;
  std::string reply;
  Is want;
  Is want_cut;
};
void PrintTo(const ReplyCase& c, std::ostream* out) { *out << c.name; }

class ReportReplies : public testing::TestWithParam<ReplyCase> {};

TEST_P(ReportReplies, AreJudged) {
  const ReplyCase& c = GetParam();
  EXPECT_EQ(what_is(judge_report_reply(c.reply, ReplyCut::kNo, kSent)), c.want) << c.reply;
  EXPECT_EQ(what_is(judge_report_reply(c.reply, ReplyCut::kByBreak, kSent)), c.want_cut) << c.reply;
  // A server that closes has said all: what can be a reply is one, whatever its digits.
  const bool can_be_one = c.want == Is::kRight || c.want == Is::kOdd;
  EXPECT_EQ(what_is(judge_report_reply(c.reply, ReplyCut::kByEnd, kSent)),
            can_be_one ? c.want : c.want_cut)
      << c.reply;
}

std::vector<ReplyCase> report_replies() {
  const auto at = [](const std::string& rest) { return "AT Alford +0.263873386 " + rest; };
  const auto right = [](const char* name, const std::string& reply) {
    return ReplyCase{name, reply, Is::kRight, Is::kRight};
  };
  const auto odd = [](const char* name, const std::string& reply) {
    return ReplyCase{name, reply, Is::kOdd, Is::kOdd};
  };
  const auto timed = [&](const char* name, const std::string& time) {
    return odd(name, at("kiwi +34.068930-118.445127 " + time));
  };
  // A word that may have been cut short is not taken at its value.
  const auto fewer_digits = [&](const char* name, const std::string& time) {
    return ReplyCase{name, at("kiwi +34.068930-118.445127 " + time), Is::kOdd, Is::kNone};
  };
  const auto other = [&](const char* name, const std::string& time) {
    return ReplyCase{name, at("kiwi +34.068930-118.445127 " + time), Is::kWrong, Is::kWrong};
  };
  return {
      right("WordForWord", kAnswer),
      right("WithLf", kAnswer + "\n"),
      right("WithCrLf", kAnswer + "\r\n"),
      odd("NoSignOfTheSkew",
          "AT Alford 0.263873386 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("TwoSignsOfTheSkew",
          "AT Alford +-0.263873386 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("FewDigitsOfTheSkew", "AT Alford +0.26 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("FloatSkew", "AT Alford +2.6e-05 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("NoSkew", "AT Alford kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("NoServer", "AT +0.263873386 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("OtherServer", "AT Ball +0.263873386 kiwi +34.068930-118.445127 1479413884.392014450"),
      odd("NoLocation", at("kiwi 1479413884.392014450")),
      odd("OtherLocation", at("kiwi +34.0-118.4 1479413884.392014450")),
      odd("ExtraField", kAnswer + " thanks"),
      odd("ExtraLine", "hello\n" + kAnswer + "\n"),
      odd("Prompt", kAnswer + "\n> "),
      timed("ShorterTime", "1479413884.3920145"),
      timed("LongerTime", "1479413884.39201445000"),
      fewer_digits("MicrosecondsOfTheTime", "1479413884.392014"),
      timed("TimeAsAFloat", "1.479413884392014e9"),
      timed("TimeAsAFloatWithSigns", "+1.479413884392014E+09"),
      fewer_digits("MillisecondsOfTheTime", "1479413884.392"),
      fewer_digits("SecondsOfTheTime", "1479413884"),
      odd("AList", "['AT', 'Alford', '+0.26', 'kiwi', '+34.0-118.4', '1479413884.392014450']"),
      timed("AMicrosecondOff", "1479413884.392015450"),
      other("MoreThanAMicrosecondOff", "1479413884.392015451"),
      other("MoreThanItsLastDigitOff", "1479413884.394"),
      other("AnotherTime", "1479413885.392014450"),
      other("NoTimeAtAll", "yesterday"),
      other("NegativeTime", "-1479413884.392014450"),
      other("HugeTime", "1e300"),
      {"TimeCutShort", at("kiwi +34.068930-118.445127 14794138"), Is::kWrong, Is::kNone},
      {"AnothersClient", at("emu +34.068930-118.445127 1479413884.392014451"), Is::kWrong,
       Is::kWrong},
      {"OnlyPartOfTheClient", at("kiw"), Is::kWrong, Is::kNone},
      {"ClientBeforeTheAt", "kiwi AT 1479413884.392014450", Is::kWrong, Is::kNone},
      {"OnlyAt", "AT", Is::kWrong, Is::kNone},
      {"NoAt", "OK", Is::kWrong, Is::kNone},
      {"Echo", "kiwi +34.068930-118.445127 1479413884.392014450", Is::kWrong, Is::kNone},
      {"Nothing", "", Is::kWrong, Is::kNone},
      {"Refused", "? IAMAT kiwi +34.068930-118.445127 1479413884.392014450\n", Is::kRefusal,
       Is::kRefusal},
      {"RefusedWithoutEcho", "?", Is::kOddRefusal, Is::kOddRefusal},
      {"RefusedWithAnotherEcho", "? IAMAT", Is::kOddRefusal, Is::kOddRefusal},
      {"RefusedBehindSpace", " ?\r\n", Is::kOddRefusal, Is::kOddRefusal},
  };
}

INSTANTIATE_TEST_SUITE_P(Texts, ReportReplies, testing::ValuesIn(report_replies()),
                         [](const auto& test) { return std::string(test.param.name); });

struct JudgedQuery {
  const char* reply;
  Is want, want_cut;
  const char* status;
  std::optional<std::uint64_t> places;
};

TEST(QueryReplies, AreJudged) {
  const std::string sent = "WHATSAT kiwi 10 5";
  const std::string at = "AT A +0.500000000 kiwi +1.0+1.0 7.5";
  const std::string ok = R"({"status": "OK", "results": [{}, {}]})";
  const JudgedQuery rows[] = {
      {"{AT}\n{OK}\n\n", Is::kRight, Is::kRight, "OK", 2},
      {"{AT}\n{OK}", Is::kRight, Is::kRight, "OK", 2},
      {"{AT}\r\n{OK}\r\n\r\n", Is::kRight, Is::kRight, "OK", 2},
      {"{AT} extra\n{OK}\n\n", Is::kOdd, Is::kOdd, "OK", 2},
      {"AT kiwi\n{OK}\n\n", Is::kOdd, Is::kOdd, "OK", 2},
      {"{AT} {OK}", Is::kOdd, Is::kOdd, "OK", 2},
      {"hello\n{AT}\n{OK}\n", Is::kOdd, Is::kOdd, "OK", 2},
      {"{OK}\n\n", Is::kOdd, Is::kOdd, "OK", 2},
      {"{AT}\n{\"results\": []}\n\n", Is::kOdd, Is::kNone, "", {}},
      {"{AT}\nsorry\n\n", Is::kOdd, Is::kNone, "", {}},
      {"{AT}\n\n", Is::kOdd, Is::kNone, "", {}},
      {"{AT}\n{\"status\": \"OK\", \"resu", Is::kOdd, Is::kNone, "", {}},
      {"AT A +0.500000000 emu +1.0+1.0 7.5\n{OK}\n\n", Is::kWrong, Is::kNone, "", {}},
      {"sorry", Is::kWrong, Is::kNone, "", {}},
      {"sorry\nno\n", Is::kWrong, Is::kNone, "", {}},
      {"? WHATSAT kiwi 10 5\n", Is::kRefusal, Is::kRefusal, "?", {}},
      {"?\n", Is::kOddRefusal, Is::kOddRefusal, "?", {}},
  };
  for (const JudgedQuery& row : rows) {
    std::string reply = row.reply;
    for (const auto& [name, text] : {std::pair("{AT}", at), std::pair("{OK}", ok)}) {
      const std::size_t where = reply.find(name);
      if (where != std::string::npos) reply.replace(where, 4, text);
    }
    const ReplyVerdict verdict = judge_query_reply(reply, ReplyCut::kNo, "kiwi", sent);
    EXPECT_EQ(what_is(verdict), row.want) << reply;
    EXPECT_EQ(verdict.status, row.status) << reply;
    EXPECT_EQ(verdict.places, row.places) << reply;
    EXPECT_EQ(what_is(judge_query_reply(reply, ReplyCut::kByBreak, "kiwi", sent)), row.want_cut)
        << reply;
  }
}

TEST(LineReplies, ShouldBeRefusals) {
  EXPECT_EQ(what_is(judge_line_reply("? HELLO\n", ReplyCut::kNo, "HELLO\r")), Is::kRefusal);
  EXPECT_EQ(what_is(judge_line_reply("?\n", ReplyCut::kNo, "HELLO")), Is::kOddRefusal);
  EXPECT_EQ(what_is(judge_line_reply("? HALLO\n", ReplyCut::kNo, "HELLO")), Is::kOddRefusal);
  EXPECT_EQ(what_is(judge_line_reply("HELLO\n", ReplyCut::kNo, "HELLO")), Is::kOdd);
  EXPECT_EQ(what_is(judge_line_reply("HELLO\n", ReplyCut::kByBreak, "HELLO")), Is::kNone);
  const std::string overlong(8193, 'x');
  EXPECT_EQ(what_is(judge_line_reply("? " + overlong.substr(0, 64), ReplyCut::kNo, overlong)),
            Is::kRefusal);
}

}  // namespace
}  // namespace sim
