#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/app/export/export_formats.h"
#include "sim/app/export/trace_events.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

// Both ends of its bar and of its arrow, two slices, and the names of two threads.
constexpr std::size_t kMostOfMessage = 8;
// Before the first message of an update: the slice of its acceptance, and the name of a thread.
constexpr std::size_t kMostOfAcceptance = 2;
constexpr herd::Duration kInstant{1};  // a slice needs a length, to have an arrow

// Makes a trace of events and messages until it is full, and counts those that it leaves out.
class TraceOfRun {
 public:
  explicit TraceOfRun(std::size_t most_events) : most_(most_events) {}

  void add_events(const ShownHerd& herd, const std::vector<RunEvent>& events) {
    const std::size_t process = trace_.process(herd.name);
    for (const FaultSpan& span : fault_spans(events, herd.name)) {
      if (event_has_room()) add_fault(process, span);
    }
    for (const RunEvent& event : events) {
      if (event.herd == herd.name) add_event(process, event);
    }
  }

  // An event of all herds is of the process 0.
  void add_event(std::size_t process, const RunEvent& event) {
    if (!event_has_room()) return;
    trace_.moment(process, event.at, json_string_of(event.event),
                  fmt::format(R"({{"detail":{}}})", json_string_of(event.detail)));
  }

  // Rows of one update that follow each other share their slices.
  void add_message(const ShownHerd& herd, std::uint64_t update, const ShownMessage& message) {
    if (!has_room()) {
      ++left_out_;
      return;
    }
    const std::size_t process = trace_.process(herd.name);
    if (std::pair(process, update) != at_update_) {
      at_update_ = {process, update};
      slices_.clear();
      add_acceptance(process, herd.find(update));
    }
    const TraceEvents::Place from = slice(process, message.from, message.sent);
    const herd::Duration end = message.at();
    trace_.bar(process, message.sent, &end, "message",
               json_string_of(message.from + " -> " + message.to), arguments(update, message));
    if (!message.received) return;
    const TraceEvents::Place to = slice(process, message.to, end);
    trace_.arrow(from, message.sent, to, end);
  }

  void leave_out(std::size_t messages) { left_out_ += messages; }
  std::size_t room() const { return most_ - std::min(most_, trace_.size()); }

  Export take(const std::string& run) {
    Export out;
    if (left_out_ > 0) {
      out.notes.push_back(fmt::format(
          "{} messages are left out: a trace has at most {} events. With --update it has all "
          "messages of one update, with --herd those of one herd",
          with_separators(static_cast<std::int64_t>(left_out_)),
          with_separators(static_cast<std::int64_t>(most_))));
    }
    if (events_left_out_ > 0) {
      out.notes.push_back(
          fmt::format("{} faults and events are left out: they have at most half of a trace",
                      with_separators(static_cast<std::int64_t>(events_left_out_))));
    }
    out.text = trace_.take(
        fmt::format(R"({{"run":{},"messages_left_out":"{}"}})", json_string_of(run), left_out_));
    return out;
  }

 private:
  bool has_room() const { return trace_.size() + kMostOfAcceptance + kMostOfMessage <= most_; }
  // Counts the event if there is none.
  bool event_has_room() {
    const bool has = trace_.size() + kMostOfMessage <= most_ / 2;
    if (!has) ++events_left_out_;
    return has;
  }

  void add_acceptance(std::size_t process, const ShownUpdate* update) {
    if (update != nullptr && update->accepted && !update->origin.empty()) {
      slice(process, update->origin, *update->accepted);
    }
  }

  // Returns the server's thread, which has a slice of the current update at that time.
  TraceEvents::Place slice(std::size_t process, const std::string& server, herd::Duration at) {
    const TraceEvents::Place place = trace_.thread(process, server);
    if (slices_.emplace(place.thread, at).second) {
      trace_.slice(place, at, kInstant, fmt::format(R"("update {}")", at_update_.second), "{}");
    }
    return place;
  }

  static std::string arguments(std::uint64_t update, const ShownMessage& message) {
    return fmt::format(R"({{"update":{},"kind":{},"hops":{},"echo":{},"repair":{}}})", update,
                       json_string_of(message.kind), message.hops, message.echo, message.repair);
  }

  void add_fault(std::size_t process, const FaultSpan& span) {
    if (span.kind == FaultSpan::Kind::kLinkDown) {
      trace_.bar(process, span.from, span.to ? &*span.to : nullptr, "fault",
                 json_string_of(span.who + " down"), "{}");
      return;
    }
    const std::string_view name =
        span.kind == FaultSpan::Kind::kServerDown ? R"("down")" : R"("paused")";
    const TraceEvents::Place place = trace_.thread(process, span.who);
    if (span.to) {
      trace_.slice(place, span.from, *span.to - span.from, name, "{}");
    } else {
      trace_.open_slice(place, span.from, name);
    }
  }

  TraceEvents trace_;
  std::size_t most_, left_out_ = 0, events_left_out_ = 0;
  std::pair<std::size_t, std::uint64_t> at_update_{0, 0};    // a herd's process and its update
  std::set<std::pair<std::size_t, herd::Duration>> slices_;  // of the update
};

// Returns the numbers of the updates whose messages fit into so many events: every update, or every
// second, third … of those that have messages. All herds keep the same ones.
std::set<std::uint64_t> kept_updates(const std::vector<const ShownHerd*>& herds,
                                     std::size_t most_messages) {
  std::map<std::uint64_t, std::uint64_t> logged;
  for (const ShownHerd* const herd : herds) {
    for (const ShownUpdate& update : herd->updates) {
      if (update.logged > 0) logged[update.number] += update.logged;
    }
  }
  for (std::size_t step = 1;; ++step) {
    std::set<std::uint64_t> kept;
    std::uint64_t messages = 0;
    std::size_t place = 0;
    for (const auto& [number, count] : logged) {
      if (place++ % step != 0) continue;
      kept.insert(number);
      messages += count;
    }
    if (messages <= most_messages || kept.size() <= 1) return kept;
  }
}

}  // namespace

herd::Result<Export, ShowError> perfetto_json(const ShownRun& run,
                                              const std::vector<const ShownHerd*>& herds,
                                              const std::vector<RunEvent>& events,
                                              std::optional<std::uint64_t> update,
                                              std::size_t most_events) {
  TraceOfRun trace(most_events);
  for (const RunEvent& event : events) {
    if (event.herd.empty()) trace.add_event(0, event);
  }
  for (const ShownHerd* const herd : herds) trace.add_events(*herd, events);
  const auto kept = update ? std::set{*update} : kept_updates(herds, trace.room() / kMostOfMessage);
  auto error = run.for_each_message(
      [&](const ShownHerd& herd, std::uint64_t number, const ShownMessage& message) {
        if (std::find(herds.begin(), herds.end(), &herd) == herds.end()) return;
        if (kept.contains(number)) {
          trace.add_message(herd, number, message);
        } else if (!update) {
          trace.leave_out(1);
        }
      });
  if (error) return std::move(*error);
  return trace.take(run.name());
}

}  // namespace sim
