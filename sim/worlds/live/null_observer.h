// For a herd that is hosted but not measured.
#pragma once

#include "core/observer.h"

namespace sim {

class NullObserver final : public herd::Observer {
  void update_heard(herd::ServerId, const herd::RecordView&, herd::Verdict, herd::Moment) override {
  }
  void update_sent(herd::ServerId, herd::NeighborId, const herd::RecordView&,
                   herd::Moment) override {}
  void update_received(herd::ServerId, herd::NeighborId, const herd::RecordView&, herd::Verdict,
                       herd::Moment) override {}
  void repair_sent(herd::ServerId, herd::NeighborId, const herd::RecordView&,
                   herd::Moment) override {}
  void summary_sent(herd::ServerId, herd::NeighborId, std::size_t, herd::Moment) override {}
  void link_synchronized(herd::ServerId, herd::NeighborId, herd::Moment) override {}
  void link_up(herd::ServerId, herd::NeighborId, herd::Moment) override {}
  void link_down(herd::ServerId, herd::NeighborId, herd::Moment) override {}
  void line_refused(herd::ServerId, std::string_view, const herd::ParseError&, bool) override {}
  void query_heard(herd::ServerId, const herd::Whatsat&) override {}
};

}  // namespace sim
