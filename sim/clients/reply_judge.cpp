#include "sim/clients/reply_judge.h"

#include <cstdlib>
#include <variant>

#include "core/parse.h"
#include "sim/text/printed_time.h"
#include "sim/text/words.h"

namespace sim {
namespace {

constexpr std::string_view kSeparators = " \t\r\n\f\v,;'\"[](){}";

bool speaks_of(std::string_view reply, std::string_view client) {
  return any_word(reply, kSeparators, [&](std::string_view word) { return word == client; });
}

}  // namespace

ReplyKind judge_report_reply(std::string_view client, std::string_view location,
                             std::string_view time, herd::PosixNs time_ns, std::string_view server,
                             std::string_view reply) {
  if (reply.starts_with('?')) return ReplyKind::kRefusal;
  const herd::LinkCommand parsed = herd::parse_link_line(reply);
  const auto* report = std::get_if<herd::RecordView>(&parsed);
  if (report != nullptr && report->server == server && report->client == client &&
      report->location == location && report->time == time) {
    return ReplyKind::kWordForWord;
  }
  const auto is_its_time = [&](std::string_view word) {
    const auto printed = read_printed_time(word);
    return printed && std::abs(printed->ns - time_ns) <= printed->unit;
  };
  return speaks_of(reply, client) && any_word(reply, kSeparators, is_its_time) ? ReplyKind::kOdd
                                                                               : ReplyKind::kOther;
}

ReplyKind judge_query_reply(std::string_view about, std::string_view first_line) {
  if (first_line.starts_with('?')) return ReplyKind::kRefusal;
  const herd::LinkCommand parsed = herd::parse_link_line(first_line);
  const auto* report = std::get_if<herd::RecordView>(&parsed);
  if (report != nullptr && report->client == about) return ReplyKind::kWordForWord;
  return speaks_of(first_line, about) ? ReplyKind::kOdd : ReplyKind::kOther;
}

}  // namespace sim
