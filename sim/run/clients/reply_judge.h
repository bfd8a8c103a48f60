// Judges the replies of servers that others wrote. Leniently: a reply may differ from the words of
// core/PROTOCOL.md as long as it can only be meant for the command.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/worlds/world/client_world.h"

namespace sim {

enum class ReplyKind {
  kReply,    // it answers the command
  kRefusal,  // a question mark, with or without the command after it
  kNone,     // there is none: the connection ended too early
  kWrong,    // it answers something else
};

// The judgement on a reply.
struct ReplyVerdict {
  ReplyKind kind = ReplyKind::kReply;
  bool odd = false;                          // differs from the words of core/PROTOCOL.md
  std::string_view complaint = {};           // what is wrong, for kWrong
  std::string status = {};                   // of a WHATSAT's Places JSON; "?" for a refusal
  std::optional<std::uint64_t> places = {};  // in that JSON
};

// An IAMAT as it was sent, and the server that it was sent to.
struct ReportSent {
  std::string_view server;  // to which it was sent
  std::string_view line, client, location, time;
  herd::PosixNs time_ns = 0;
};

// These functions judge the reply to an IAMAT, to a WHATSAT, and to any other line. A reply that
// the end of its connection has cut is none if it may have been about to go on.
//
// An IAMAT's reply must have the word AT and after it the client's id and the time that was sent.
// The time may be written in any form and with fewer digits (printed_time.h); punctuation around
// words is ignored.
ReplyVerdict judge_report_reply(std::string_view reply, ReplyCut cut, const ReportSent& sent);
// A WHATSAT's reply must have such a line about the client, with any time, and JSON after it. If
// that is not Places JSON, the verdict has no status. JSON without the line is an answer too.
ReplyVerdict judge_query_reply(std::string_view reply, ReplyCut cut, std::string_view about,
                               std::string_view sent_line);
// Any other line should be refused; a reply in other words counts as an odd answer.
ReplyVerdict judge_line_reply(std::string_view reply, ReplyCut cut, std::string_view sent_line);
// Returns the verdict on a reply that is known to refuse the line, in whatever words.
ReplyVerdict judge_refusal(std::string_view reply, std::string_view sent_line);

// Return the reply to an IAMAT, to a WHATSAT, and to a line that is refused, in the words of
// core/PROTOCOL.md. What the server chooses itself is in capitals.
std::string expected_report_reply(const ReportSent& sent);
std::string expected_query_reply(std::string_view about);
std::string expected_refusal(std::string_view sent_line);

// Returns the part of a sent line that a refusal repeats: all of it, without a CR at its end, or
// the beginning of an overlong line.
std::string_view expected_echo(std::string_view sent_line);
// Returns whether the server must close the connection because of this line, after it has answered
// it: the line is overlong, or a LINK that is the connection's first line. No later line on the
// connection is answered.
bool ends_connection(std::string_view sent_line, bool is_first);

}  // namespace sim
