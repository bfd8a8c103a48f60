// Writes what a server decided into its log, and passes it on to the observer that counts.
#pragma once

#include <spdlog/logger.h>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/observer.h"
#include "core/server.h"

namespace sim {

class LoggingObserver final : public herd::ForwardingObserver {
 public:
  // All must outlive it. `neighbors` gives the names.
  LoggingObserver(spdlog::logger& log, const std::vector<herd::NeighborConfig>& neighbors,
                  herd::Observer& next)
      : ForwardingObserver(next), log_(log), neighbors_(neighbors) {}

  Observer& of_messages() override { return next().of_messages(); }
  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override;
  void link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                         herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;

 private:
  const std::string& name(herd::NeighborId neighbor) const {
    return neighbors_[neighbor.value].name;
  }

  void log_far_ahead(const herd::RecordView& report, bool is_taken, herd::Moment now);

  static constexpr std::size_t kMostAhead = 10;  // clients that are named

  spdlog::logger& log_;
  const std::vector<herd::NeighborConfig>& neighbors_;
  std::set<std::string, std::less<>> ahead_;  // clients whose reports were far ahead; a few
  bool told_full_ = false;
};

}  // namespace sim
