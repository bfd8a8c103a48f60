// What a reply of a server that somebody else wrote amounts to: leniently, where protocol.md says
// how a reply reads, and in words where it cannot be meant for the command.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sim {

enum class ReplyKind {
  kReply,    // an answer to the command
  kRefusal,  // a question mark, with the command behind it or without
  kNone,     // the connection ended before it was one
  kWrong,    // an answer to nothing that was asked
};

struct ReplyVerdict {
  ReplyKind kind = ReplyKind::kReply;
  bool odd = false;                          // not in the words that protocol.md asks for
  std::string_view complaint = {};           // of one that is wrong
  std::string status = {};                   // of a WHATSAT's Places JSON; "?" of a refusal
  std::optional<std::uint64_t> places = {};  // in it
};

// An IAMAT as it was sent, and where.
struct ReportSent {
  std::string_view server;  // that heard it
  std::string_view line, client, location, time;
  herd::PosixNs time_ns = 0;
};

// `cut`: the connection ended before the reply had the end that it should have.
//
// An IAMAT's reply has the word AT, behind it the client's id and the time that was sent, however
// that is written and to as many digits as it has (printed_time.h); punctuation around the words is
// no matter.
ReplyVerdict judge_report_reply(std::string_view reply, bool cut, const ReportSent& sent);
// A WHATSAT's has a line like that about the client, whatever its time, and JSON behind it; one
// that has no Places JSON has no status. JSON without the line is an answer too.
ReplyVerdict judge_query_reply(std::string_view reply, bool cut, std::string_view about,
                               std::string_view sent_line);
// Any other line should be refused; other words are an answer all the same.
ReplyVerdict judge_line_reply(std::string_view reply, bool cut, std::string_view sent_line);

// What an overlong line's refusal may repeat of it, or all of a shorter one, without a CR at its
// end.
std::string_view expected_echo(std::string_view sent_line);

}  // namespace sim
