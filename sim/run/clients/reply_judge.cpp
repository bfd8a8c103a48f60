#include "sim/run/clients/reply_judge.h"

#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "core/fields.h"
#include "core/limits.h"
#include "core/line_fields.h"
#include "core/parse.h"
#include "sim/base/text/printed_time.h"
#include "sim/worlds/places/places_summary.h"

namespace sim {
namespace {

// Characters around words in a printed list or object.
constexpr std::string_view kPunctuation = ",;'\"[](){}<>";
constexpr std::size_t kReportFields = 6;
constexpr std::size_t kSkewDecimals = 9;

// Returns the line without the CR that is part of its ending.
std::string_view without_cr(std::string_view sent_line) {
  if (sent_line.ends_with('\r')) sent_line.remove_suffix(1);
  return sent_line;
}

// Returns whether a line without its ending is longer than a server reads.
bool is_overlong(std::string_view line) { return line.size() > herd::kMaxClientLine; }

std::string_view without_ending(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view without_space(std::string_view text) {
  while (!text.empty() && herd::is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && herd::is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> out;
  herd::LineFields fields(text);
  for (std::string_view field = fields.next(); !field.empty(); field = fields.next()) {
    out.push_back(field);
  }
  return out;
}

std::string_view without_punctuation(std::string_view field) {
  const std::size_t begin = field.find_first_not_of(kPunctuation);
  if (begin == field.npos) return {};
  return field.substr(begin, field.find_last_not_of(kPunctuation) - begin + 1);
}

bool is_word(std::string_view field, std::string_view word) {
  return field == word || without_punctuation(field) == word;
}

// Returns the fields from the word AT on; empty if that word is missing.
std::vector<std::string_view> report_fields(std::string_view text) {
  std::vector<std::string_view> fields = fields_of(text);
  std::size_t at = 0;
  while (at < fields.size() && !is_word(fields[at], "AT")) ++at;
  fields.erase(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(at));
  return fields;
}

// Returns the index of a field after the word AT; 0 if it is not there.
std::size_t find(const std::vector<std::string_view>& report, std::string_view field) {
  for (std::size_t i = 1; i < report.size(); ++i) {
    if (is_word(report[i], field)) return i;
  }
  return 0;
}

bool same_time(std::string_view field, herd::PosixNs time_ns) {
  const auto time = read_printed_time(without_punctuation(field));
  return time && std::abs(time->ns - time_ns) <= time->unit;
}

bool has_time(const std::vector<std::string_view>& report, std::size_t client,
              const ReportSent& sent) {
  for (std::size_t i = 1; i < report.size(); ++i) {
    if (i != client && same_time(report[i], sent.time_ns)) return true;
  }
  return false;
}

// Returns the report if the line is one in the very words of core/PROTOCOL.md; nullopt otherwise.
std::optional<herd::RecordView> proper_report(std::string_view line) {
  const herd::LinkCommand parsed = herd::parse_link_line(line);
  const auto* report = std::get_if<herd::RecordView>(&parsed);
  if (report == nullptr) return std::nullopt;
  const std::size_t point = report->skew.find('.');
  if (point == std::string_view::npos || report->skew.size() - point - 1 != kSkewDecimals) {
    return std::nullopt;
  }
  return *report;
}

bool is_proper(std::string_view line, const ReportSent& sent) {
  const auto report = proper_report(line);
  return report && report->server == sent.server && report->client == sent.client &&
         report->location == sent.location && report->time == sent.time;
}

// Returns whether this can be the beginning of a reply to the report.
bool may_go_on(const std::vector<std::string_view>& report, const ReportSent& sent) {
  return report.size() < kReportFields || sent.time.starts_with(report.back());
}

// Returns whether the last word is only the beginning of the time that was sent.
bool breaks_off(const std::vector<std::string_view>& report, const ReportSent& sent) {
  if (!sent.time.starts_with(report.back())) return false;
  return sent.time.find_first_not_of("0.", report.back().size()) != sent.time.npos;
}

bool is_refusal(std::string_view reply) { return without_space(reply).starts_with('?'); }

ReplyVerdict wrong(bool cut, std::string_view complaint) {
  if (cut) return {.kind = ReplyKind::kNone};
  return {.kind = ReplyKind::kWrong, .complaint = complaint};
}

// The two parts of a WHATSAT's reply: its AT line and its JSON.
struct QueryParts {
  std::string_view report, json;
  bool on_one_line = false;
};

QueryParts parts_of(std::string_view reply) {
  const std::string_view text = without_space(reply);
  if (text.starts_with('{')) return {{}, text};
  std::size_t end = text.find("\n{");
  if (end == std::string_view::npos) end = text.find('\n');
  const bool on_one_line = end == std::string_view::npos;
  if (on_one_line) end = text.find('{');
  if (end == std::string_view::npos) return {text, {}};
  return {without_ending(text.substr(0, end)), without_space(text.substr(end)), on_one_line};
}

}  // namespace

std::string_view expected_echo(std::string_view sent_line) {
  sent_line = without_cr(sent_line);
  return is_overlong(sent_line) ? sent_line.substr(0, herd::kOverlongEcho) : sent_line;
}

std::string expected_report_reply(const ReportSent& sent) {
  std::string out = "AT ";
  out += sent.server;
  out += " +SECONDS.NANOSECONDS";  // with nine decimals, or with a minus sign
  for (const std::string_view field : {sent.client, sent.location, sent.time}) {
    out += ' ';
    out += field;
  }
  return out;
}

std::string expected_query_reply(std::string_view about) {
  std::string out = "AT SERVER +SECONDS.NANOSECONDS ";
  out += about;
  return out + " LOCATION TIME, then the JSON of Places on lines of its own";
}

std::string expected_refusal(std::string_view sent_line) {
  std::string out = "? ";
  out += expected_echo(sent_line);
  return out;
}

bool ends_connection(std::string_view sent_line, bool is_first) {
  if (is_overlong(without_cr(sent_line))) return true;
  return is_first && std::holds_alternative<herd::Handshake>(herd::parse_client_line(sent_line));
}

ReplyVerdict judge_refusal(std::string_view reply, std::string_view sent_line) {
  const std::string_view line = without_ending(reply);
  const bool exact = line.starts_with("? ") && line.substr(2) == expected_echo(sent_line);
  return {.kind = ReplyKind::kRefusal, .odd = !exact, .status = "?"};
}

ReplyVerdict judge_report_reply(std::string_view reply, ReplyCut cut, const ReportSent& sent) {
  const bool is_cut = cut != ReplyCut::kNo;
  if (is_refusal(reply)) return judge_refusal(reply, sent.line);
  const std::vector<std::string_view> report = report_fields(reply);
  if (report.empty()) return wrong(is_cut, "the answer to an IAMAT is not an AT");
  const std::size_t client = find(report, sent.client);
  if (client == 0 || !has_time(report, client, sent)) {
    return wrong(is_cut && may_go_on(report, sent),
                 "the answer to an IAMAT is about another report");
  }
  if (cut == ReplyCut::kByBreak && breaks_off(report, sent)) return {.kind = ReplyKind::kNone};
  return {.odd = !is_proper(without_ending(reply), sent)};
}

ReplyVerdict judge_query_reply(std::string_view reply, ReplyCut cut, std::string_view about,
                               std::string_view sent_line) {
  const bool is_cut = cut != ReplyCut::kNo;
  if (is_refusal(reply)) return judge_refusal(reply, sent_line);
  const QueryParts parts = parts_of(reply);
  const std::vector<std::string_view> report = report_fields(parts.report);
  if (report.empty() ? !parts.json.starts_with('{') : find(report, about) == 0) {
    return wrong(is_cut, "the answer to a WHATSAT has no AT for its client");
  }
  PlacesSummary summary = summarize_places(parts.json);
  if (is_cut && !summary.well_formed) return {.kind = ReplyKind::kNone};
  const auto proper = proper_report(parts.report);
  ReplyVerdict out;
  out.odd = !summary.well_formed || !proper || proper->client != about || parts.on_one_line;
  out.status = std::move(summary.status);
  out.places = summary.places;
  return out;
}

ReplyVerdict judge_line_reply(std::string_view reply, ReplyCut cut, std::string_view sent_line) {
  if (is_refusal(reply)) return judge_refusal(reply, sent_line);
  if (cut == ReplyCut::kByBreak) return {.kind = ReplyKind::kNone};
  return {.odd = true};
}

}  // namespace sim
