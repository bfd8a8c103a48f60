#include "sim/measure/metrics/held_records.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "core/record_store.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/metrics/report_memo.h"

namespace sim {
namespace {

constexpr std::size_t kSentences = 100;

template <class Words>
void complain(Complaints& complaints, Words words) {
  ++complaints.count;
  if (complaints.sentences.size() < kSentences) complaints.sentences.push_back(words());
}

// Finds the accepted update that a record comes from.
class Judge {
 public:
  Judge(const HerdOutcome& outcome, const HeldRecords::History& history)
      : recorder_(outcome.recorder),
        accepted_(outcome.recorder.accepted()),
        spec_(outcome.spec),
        history_(history) {
    const auto& subjects = outcome.recorder.subjects();
    for (std::uint32_t i = 0; i < subjects.size(); ++i) subjects_.emplace(subjects[i], i);
  }

  struct Finding {
    std::uint32_t subject = kNoIndex;
    std::uint32_t place = kNoIndex;  // index into the subject's history; kNoIndex: no update
    // The text of the first record of that update, if this record must have the same text, and the
    // server that holds it.
    std::string_view first;
    std::size_t first_server = 0;
  };
  Finding judge(const herd::RecordView& record, std::size_t server) {
    Finding found;
    const auto subject = subjects_.find(record.client);
    if (subject == subjects_.end()) return found;
    found.subject = subject->second;
    const auto& updates = history_[found.subject];
    const std::size_t location = hash_location(record.location);
    // A client that repeats an update to a server that lost its memory is accepted twice. By client
    // time the record is then the later one, and its words may be those of either.
    int alike = 0;
    const herd::PosixNs order_time = herd::order_time(spec_.order, record);
    auto at = std::lower_bound(
        updates.begin(), updates.end(), order_time,
        [&](std::uint32_t i, herd::PosixNs time) { return recorder_.order_time(i) < time; });
    for (; at != updates.end() && recorder_.order_time(*at) == order_time; ++at) {
      const AcceptedUpdate& update = accepted_[*at];
      if (update.time_ns != record.time_ns || update.location_hash != location) continue;
      if (spec_.servers[update.server].name != record.server) continue;
      found.place = static_cast<std::uint32_t>(at - updates.begin());
      ++alike;
    }
    if (found.place == kNoIndex) return found;
    const First& first =
        first_.emplace(updates[found.place], First{record.line, server}).first->second;
    found.first = alike == 1 ? first.line : record.line;
    found.first_server = first.server;
    return found;
  }

 private:
  struct First {
    std::string_view line;
    std::size_t server = 0;
  };

  const Recorder& recorder_;
  const AcceptedLog& accepted_;
  const HerdSpec& spec_;
  const HeldRecords::History& history_;
  std::unordered_map<std::string_view, std::uint32_t> subjects_;
  std::unordered_map<std::uint32_t, First> first_;  // by accepted update
};

}  // namespace

HeldRecords::HeldRecords(const HerdOutcome& outcome, const History& history)
    : servers_(outcome.spec.servers.size()), rows_(history.size(), kNoIndex) {
  std::uint32_t rows = 0;
  for (std::size_t subject = 0; subject < history.size(); ++subject) {
    if (!history[subject].empty()) rows_[subject] = rows++;
  }
  places_.resize(rows * servers_, kNoIndex);

  Judge judge(outcome, history);
  std::size_t all_records = 0;
  for (const ServerOutcome& server : outcome.servers) all_records += server.records->size();
  ReportMemo memo(
      std::min<std::size_t>(2 * std::size_t{outcome.recorder.accepted().size()}, all_records));
  for (std::size_t s = 0; s < servers_; ++s) {
    const herd::RecordStore& records = *outcome.servers[s].records;
    for (std::uint32_t place = 0; place < records.size(); ++place) {
      const herd::KeptReport* const report = records.at(place).kept();
      if (const auto* known = memo.find(report)) {
        places_[rows_[known->subject] * servers_ + s] = known->place;
        continue;
      }
      const herd::RecordView record = report->view();
      const Judge::Finding found = judge.judge(record, s);
      const std::string& name = outcome.spec.servers[s].name;
      if (found.place == kNoIndex) {
        complain(foreign_, [&] {
          return "server " + name +
                 " holds a record that no client sent: " + shown_line(record.line);
        });
        continue;
      }
      places_[rows_[found.subject] * servers_ + s] = found.place;
      if (found.first == record.line) {
        memo.remember({report, found.subject, found.place});
      } else {
        complain(altered_, [&] {
          return "server " + name +
                 " holds a record of the same update in other words: " + shown_line(record.line) +
                 ", while server " + outcome.spec.servers[found.first_server].name + " holds " +
                 shown_line(found.first);
        });
      }
    }
  }
}

}  // namespace sim
