#include "sim/worlds/live/logging_observer.h"

namespace sim {

void LoggingObserver::link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                                        herd::Moment now) {
  log_.info("link to {}: in step", name(neighbor));
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
  // From a neighbour it is worth a warning; clients may send what they like.
  log_.log(on_link ? spdlog::level::warn : spdlog::level::debug, "refused {}: {}",
           on_link ? "on a link" : "from a client", herd::to_string(error));
  ForwardingObserver::line_refused(server, line, error, on_link);
}

}  // namespace sim
