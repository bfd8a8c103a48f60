#include "sim/worlds/live/logging_observer.h"

#include <utility>

#include "core/limits.h"
#include "sim/base/text/duration_text.h"
#include "sim/base/text/quoted.h"

namespace sim {

void LoggingObserver::update_heard(herd::ServerId server, const herd::RecordView& report,
                                   herd::Verdict verdict, herd::Moment now) {
  if (verdict == herd::Verdict::kTooFarAhead) {
    log_far_ahead(report, false, now);
  } else if (verdict == herd::Verdict::kAccepted &&
             herd::is_ahead(report.time_ns, now.wall_ns, herd::kFarAhead)) {
    log_far_ahead(report, true, now);
  }
  ForwardingObserver::update_heard(server, report, verdict, now);
}

// Names each client once, and a few clients only: any client can send such reports.
void LoggingObserver::log_far_ahead(const herd::RecordView& report, bool is_taken,
                                    herd::Moment now) {
  if (ahead_.size() == kMostAhead || ahead_.contains(report.client)) return;
  ahead_.emplace(report.client);
  const std::string ahead = long_duration_text(report.time_ns, now.wall_ns);
  if (is_taken) {
    log_.warn(
        "client {} reports a time {} ahead of this server's clock: until then its reports with a "
        "right time are not newer, and do not count (max_ahead refuses such times)",
        sim::quoted(report.client), ahead);
  } else {
    log_.warn("client {} reports a time {} ahead of this server's clock: it is not taken",
              sim::quoted(report.client), ahead);
  }
  if (ahead_.size() == kMostAhead) log_.warn("further clients that are ahead are not named");
}

void LoggingObserver::link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                                        herd::Moment now) {
  log_.info("link to {}: synchronized", name(neighbor));
  ForwardingObserver::link_synchronized(server, neighbor, now);
}

void LoggingObserver::link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  log_.info("link to {}: up", name(neighbor));
  ForwardingObserver::link_up(server, neighbor, now);
}

void LoggingObserver::link_down(herd::ServerId server, herd::NeighborId neighbor,
                                herd::Moment now) {
  log_.info("link to {}: down", name(neighbor));
  ForwardingObserver::link_down(server, neighbor, now);
}

void LoggingObserver::line_refused(herd::ServerId server, std::string_view line,
                                   const herd::ParseError& error, bool on_link) {
  const bool is_full = error.code == herd::ParseCode::kFull;
  if (is_full && !std::exchange(told_full_, true)) {
    log_.warn(
        "there is no room for more records (max_records, max_bytes): refuses updates that need it "
        "from now on");
  }
  // From a neighbour it is worth a warning; clients may send what they like.
  log_.log(on_link && !is_full ? spdlog::level::warn : spdlog::level::debug, "refused {}: {}",
           on_link ? "on a link" : "from a client", herd::to_string(error));
  ForwardingObserver::line_refused(server, line, error, on_link);
}

}  // namespace sim
