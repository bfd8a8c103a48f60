// Writes what a server decided into its log, and hands it on to whoever counts.
#pragma once

#include <spdlog/logger.h>

#include <string>
#include <vector>

#include "core/observer.h"
#include "core/server.h"

namespace sim {

class LoggingObserver final : public herd::Observer {
 public:
  // All must outlive it. `neighbors` gives the names.
  LoggingObserver(spdlog::logger& log, const std::vector<herd::NeighborConfig>& neighbors,
                  herd::Observer& next)
      : log_(log), neighbors_(neighbors), next_(next) {}

  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override {
    next_.update_heard(server, report, verdict, now);
  }
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override {
    next_.update_sent(server, to, report, now);
  }
  void update_received(herd::ServerId server, herd::NeighborId from, const herd::RecordView& report,
                       herd::Verdict verdict, herd::Moment now) override {
    next_.update_received(server, from, report, verdict, now);
  }
  void repair_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override {
    next_.repair_sent(server, to, report, now);
  }
  void summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override {
    next_.summary_sent(server, to, bytes, now);
  }
  void link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                         herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override {
    next_.query_heard(server, query);
  }

 private:
  const std::string& name(herd::NeighborId neighbor) const {
    return neighbors_[neighbor.value].name;
  }

  spdlog::logger& log_;
  const std::vector<herd::NeighborConfig>& neighbors_;
  herd::Observer& next_;
};

}  // namespace sim
