// Two lines of a link: the parser against the grammar, and the order of the reports that they hold.
#include <optional>
#include <string>
#include <tuple>
#include <variant>

#include "core/parse.h"
#include "core/record.h"
#include "core/record_order.h"
#include "core/record_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/naive.h"

namespace herd::fuzz {
namespace {

bool is_report(const std::vector<naive::Field>& fields) {
  return fields.size() == 6 && fields[0].text == "AT" && naive::is_name(fields[1].text) &&
         naive::is_skew(fields[2].text) && naive::is_location(fields[4].text) &&
         naive::time(fields[5].text).has_value();
}

std::optional<RecordView> parse(std::string_view line) {
  const std::vector<naive::Field> fields = naive::fields_of(line);
  const LinkCommand command = parse_link_line(line);
  const auto* report = std::get_if<RecordView>(&command);
  require((report != nullptr) == is_report(fields), "which lines are reports", line);
  const bool is_alive = fields.size() == 1 && fields[0].text == "ALIVE";
  require(std::holds_alternative<Alive>(command) == is_alive, "which lines are ALIVE", line);
  if (const auto* error = std::get_if<ParseError>(&command)) {
    require(error->column <= line.size(), "an error is within its line", line);
    require(!to_string(*error).empty(), "an error has words");
  }
  if (report == nullptr) return std::nullopt;
  require(report->line == line && report->server == fields[1].text &&
              report->skew == fields[2].text && report->client == fields[3].text &&
              report->location == fields[4].text && report->time == fields[5].text &&
              report->time_ns == naive::time(fields[5].text),
          "the fields of a report", line);
  return *report;
}

std::strong_ordering naive_order(const RecordView& a, const RecordView& b) {
  return std::tie(a.time_ns, a.location, a.server, a.time, a.skew) <=>
         std::tie(b.time_ns, b.location, b.server, b.time, b.skew);
}

void check_stored(const RecordView& report) {
  if (report.line.size() > 9'216) return;  // no stream hands on a longer one
  constexpr std::uint32_t kAnyHash = 7;
  const Record stored(report, kAnyHash);
  const RecordView back = stored.view();
  require(back.line == report.line && back.client == report.client && back.skew == report.skew &&
              back.time_ns == report.time_ns && stored.client_hash() == kAnyHash &&
              naive_order(back, report) == 0,
          "a record is the report that was stored", report.line);
}

}  // namespace

void one_input(std::string_view input) {
  std::string_view rest = input;
  const std::string first_line(take_line_of(rest));
  const std::string second_line(take_line_of(rest));
  parse_acknowledgement(first_line);
  const auto first = parse(first_line), second = parse(second_line);
  if (first) check_stored(*first);
  if (!first || !second) return;
  require(compare(*first, *second) == naive_order(*first, *second), "newest wins", input);
  require(compare(*second, *first) == naive_order(*second, *first), "newest wins, turned", input);
  for (const RecordOrder order : {RecordOrder::kClientTime, RecordOrder::kServerTime}) {
    const auto forth = compare(order, *first, *second), back = compare(order, *second, *first);
    require((forth < 0) == (back > 0) && (forth == 0) == (back == 0), "an order", input);
    if (first->client != second->client) continue;
    RecordStore store(order);
    require(store.offer(*first) == Verdict::kAccepted, "the first report is news", input);
    const Verdict verdict = store.offer(*second);
    const Verdict right = back > 0    ? Verdict::kAccepted
                          : back == 0 ? Verdict::kDuplicate
                                      : Verdict::kStale;
    require(verdict == right, "the store keeps the newest", input);
    require(store.find(first->client)->view().line ==
                (right == Verdict::kAccepted ? second_line : first_line),
            "the store holds the newest", input);
  }
}

}  // namespace herd::fuzz
