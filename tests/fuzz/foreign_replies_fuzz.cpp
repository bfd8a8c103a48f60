// The replies of servers that others wrote: where they end does not depend on how they come, and
// each is judged.
//
// The first byte chooses the dialect's sign for the end, the second the size of the pieces.
#include <chrono>
#include <iterator>
#include <optional>
#include <string>

#include "core/time.h"
#include "sim/engines/foreign/reply_cutter.h"
#include "sim/run/clients/reply_judge.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

using After = sim::ReplyCutter::After;

sim::Dialect dialect_of(unsigned which) {
  sim::Dialect dialect;
  switch (which % 4) {
    case 0:
      dialect.reply_end = sim::ReplyLine{};
      break;
    case 1:
      dialect.reply_end = sim::ReplyEof{};
      break;
    case 2:
      dialect.reply_end = sim::ReplyMatch{"(?s)(END|\\n\\n)"};
      break;
    default:
      dialect.reply_end = sim::ReplyIdle{std::chrono::milliseconds(50)};
      break;
  }
  dialect.pipelining = which % 8 >= 4;
  return dialect;
}

void judge(std::string_view reply) {
  const sim::ReportSent sent{"Alford",
                             "IAMAT kiwi +34.1-118.4 1479413884.392014450",
                             "kiwi",
                             "+34.1-118.4",
                             "1479413884.392014450",
                             1'479'413'884'392'014'450};
  for (const sim::ReplyCut cut :
       {sim::ReplyCut::kNo, sim::ReplyCut::kByEnd, sim::ReplyCut::kByBreak}) {
    // Of these, only a report's reply can be known to be wrong before it is complete.
    const sim::ReplyVerdict all[] = {
        sim::judge_report_reply(reply, cut, sent),
        sim::judge_query_reply(reply, cut, "kiwi", "WHATSAT kiwi 10 5"),
        sim::judge_line_reply(reply, cut, "HELLO")};
    for (const sim::ReplyVerdict& verdict : all) {
      const bool is_wrong = verdict.kind == sim::ReplyKind::kWrong;
      require(is_wrong != verdict.complaint.empty(), "what is wrong has words", reply);
      const bool is_of_report = &verdict == std::begin(all);
      require(cut == sim::ReplyCut::kNo || !is_wrong || is_of_report,
              "a reply that the connection's end has cut is not wrong", reply);
    }
  }
}

void cut(const sim::ReplyRule& rule, std::string_view bytes, std::size_t piece, bool of_query) {
  sim::ReplyCutter cutter(rule);
  while (!bytes.empty()) {
    require(cutter.add(bytes.substr(0, piece)), "short replies fit");
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (const auto size = cutter.whole(of_query, After::kBytes)) {
      require(*size > 0 && *size <= cutter.text().size(), "a reply is within the bytes");
      judge(cutter.text().substr(0, *size));
      cutter.drop(*size);
    }
  }
  for (const After after : {After::kQuiet, After::kEnd}) {
    const auto size = cutter.whole(of_query, after);
    if (!size) continue;
    require(*size > 0 && *size <= cutter.text().size(), "a reply is within the bytes");
    judge(cutter.text().substr(0, *size));
    cutter.drop(*size);
  }
}

}  // namespace

void one_input(std::string_view input) {
  if (input.size() < 2) return;
  const unsigned which = static_cast<unsigned char>(input[0]);
  const std::size_t piece = 1U + static_cast<unsigned char>(input[1]);
  const std::string bytes(input.substr(2));
  const sim::Dialect dialect = dialect_of(which);
  const sim::ReplyRule rule(dialect);
  for (const bool of_query : {false, true}) {
    cut(rule, bytes, piece, of_query);
    cut(rule, bytes, bytes.size() + 1, of_query);
    if (rule.by_match() || bytes.empty()) continue;
    // The end of the first reply is where it is, however the bytes come.
    sim::ReplyCutter at_once(rule), piecemeal(rule);
    require(at_once.add(bytes), "short replies fit");
    std::optional<std::size_t> first;
    for (std::size_t at = 0; at < bytes.size() && !first; at += piece) {
      require(piecemeal.add(std::string_view(bytes).substr(at, piece)), "short replies fit");
      first = piecemeal.whole(of_query, After::kBytes);
    }
    require(at_once.whole(of_query, After::kBytes) == first, "the end of the first reply", bytes);
  }
  judge(bytes);
}

}  // namespace herd::fuzz
