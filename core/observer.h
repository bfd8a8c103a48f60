// Receives each decision of a server at once; every number of a run is counted from these calls.
//
// Calls come from within the server's inputs. All views hold for the call only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/effects.h"
#include "core/ids.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/record_store.h"
#include "core/time.h"
#include "core/tree_edge.h"

namespace herd {

// Does nothing by itself: an observer overrides the calls that it needs. A new call is added here
// and in ForwardingObserver below.
class Observer {
 public:
  virtual ~Observer() = default;

  // Returns the observer to tell of update_sent(), update_relayed() and update_received(), which
  // each message needs: itself, or another one if it would only pass these calls on. Always the
  // same one, which lives as long.
  virtual Observer& of_messages() { return *this; }

  // A client's IAMAT was heard: accepted as newer, or not newer, or too far ahead. Before anything
  // that follows from it.
  virtual void update_heard(ServerId /*server*/, const RecordView& /*report*/, Verdict /*verdict*/,
                            Moment /*now*/) {}
  // A record goes out on a link as news.
  virtual void update_sent(ServerId /*server*/, NeighborId /*to*/, const RecordView& /*report*/,
                           Moment /*now*/) {}
  // A record goes out as news on several links, in this order. Unless an observer overrides this,
  // it hears of each of them by update_sent(), also through a ForwardingObserver.
  virtual void update_relayed(ServerId server, std::span<const NeighborId> to,
                              const RecordView& report, Moment now) {
    for (const NeighborId each : to) update_sent(server, each, report, now);
  }
  // A record goes out on a link because the neighbour lacks it, not because it is news here. Called
  // before the effect.
  virtual void repair_sent(ServerId /*server*/, NeighborId /*to*/, const RecordView& /*report*/,
                           Moment /*now*/) {}
  // The last `records` that update_sent() reported to this neighbour go out in one line.
  virtual void batch_sent(ServerId /*server*/, NeighborId /*to*/, std::size_t /*records*/,
                          Moment /*now*/) {}
  // A record took the place of an older one that waited for this neighbour; a record that waited
  // for it is not sent, because the neighbour holds it, or because the link went down.
  virtual void update_replaced(ServerId /*server*/, NeighborId /*to*/, Moment /*now*/) {}
  virtual void update_suppressed(ServerId /*server*/, NeighborId /*to*/, Moment /*now*/) {}
  virtual void update_dropped(ServerId /*server*/, NeighborId /*to*/, const RecordView& /*report*/,
                              Moment /*now*/) {}
  // This number of bytes, endings included, goes out on a link to find out what its endpoints lack.
  virtual void summary_sent(ServerId /*server*/, NeighborId /*to*/, std::size_t /*bytes*/,
                            Moment /*now*/) {}
  // A line of the propagation scheme that is no record goes out on a link, in this number of bytes,
  // its ending included.
  virtual void control_sent(ServerId /*server*/, NeighborId /*to*/, std::size_t /*bytes*/,
                            Moment /*now*/) {}
  // The same for a line that came in, whether it was right or not.
  virtual void control_received(ServerId /*server*/, NeighborId /*from*/, Moment /*now*/) {}
  // The server routes by another map of the herd from now on. Servers with equal numbers route by
  // the same map; the map without faults has the number 0, and kSettlingMap (herd_map.h) is none.
  virtual void map_changed(ServerId /*server*/, std::uint64_t /*map*/, Moment /*now*/) {}
  // A link is something else from now on in the tree of this root, or in the only one ("*").
  virtual void tree_changed(ServerId /*server*/, NeighborId /*neighbor*/, std::string_view /*root*/,
                            TreeEdge /*edge*/, Moment /*now*/) {}
  // This server has sent the neighbour everything that it lacked, and has received everything that
  // it lacked itself. Only with Recovery::kSync, once after each link_up().
  virtual void link_synchronized(ServerId /*server*/, NeighborId /*neighbor*/, Moment /*now*/) {}
  // A record came in on a link, as news or as a repair: accepted, a duplicate, or stale. Before it
  // is sent on.
  virtual void update_received(ServerId /*server*/, NeighborId /*from*/,
                               const RecordView& /*report*/, Verdict /*verdict*/, Moment /*now*/) {}
  // A link's endpoint has been proven, or has gone down. Both endpoints report it.
  virtual void link_up(ServerId /*server*/, NeighborId /*neighbor*/, Moment /*now*/) {}
  virtual void link_down(ServerId /*server*/, NeighborId /*neighbor*/, Moment /*now*/) {}
  // A line is not a command: answered with `? ` unless it came on a link.
  virtual void line_refused(ServerId /*server*/, std::string_view /*line*/,
                            const ParseError& /*error*/, bool /*on_link*/) {}
  // A WHATSAT with valid fields for a known client was heard.
  virtual void query_heard(ServerId /*server*/, const Whatsat& /*query*/) {}
};

// Passes every call on to another observer. A subclass overrides the calls that it adds something
// to, and calls the one of this class to pass it on.
class ForwardingObserver : public Observer {
 public:
  // `next` must outlive this observer. `surrounds`: the subclass has something to do around each
  // call.
  explicit ForwardingObserver(Observer& next, bool surrounds = false)
      : next_(next), surrounds_(surrounds) {}

  void update_heard(ServerId server, const RecordView& report, Verdict verdict,
                    Moment now) override {
    pass_on([&] { next_.update_heard(server, report, verdict, now); });
  }
  void update_sent(ServerId server, NeighborId to, const RecordView& report, Moment now) override {
    pass_on([&] { next_.update_sent(server, to, report, now); });
  }
  void repair_sent(ServerId server, NeighborId to, const RecordView& report, Moment now) override {
    pass_on([&] { next_.repair_sent(server, to, report, now); });
  }
  void batch_sent(ServerId server, NeighborId to, std::size_t records, Moment now) override {
    pass_on([&] { next_.batch_sent(server, to, records, now); });
  }
  void update_replaced(ServerId server, NeighborId to, Moment now) override {
    pass_on([&] { next_.update_replaced(server, to, now); });
  }
  void update_suppressed(ServerId server, NeighborId to, Moment now) override {
    pass_on([&] { next_.update_suppressed(server, to, now); });
  }
  void update_dropped(ServerId server, NeighborId to, const RecordView& report,
                      Moment now) override {
    pass_on([&] { next_.update_dropped(server, to, report, now); });
  }
  void summary_sent(ServerId server, NeighborId to, std::size_t bytes, Moment now) override {
    pass_on([&] { next_.summary_sent(server, to, bytes, now); });
  }
  void control_sent(ServerId server, NeighborId to, std::size_t bytes, Moment now) override {
    pass_on([&] { next_.control_sent(server, to, bytes, now); });
  }
  void control_received(ServerId server, NeighborId from, Moment now) override {
    pass_on([&] { next_.control_received(server, from, now); });
  }
  void map_changed(ServerId server, std::uint64_t map, Moment now) override {
    pass_on([&] { next_.map_changed(server, map, now); });
  }
  void tree_changed(ServerId server, NeighborId neighbor, std::string_view root, TreeEdge edge,
                    Moment now) override {
    pass_on([&] { next_.tree_changed(server, neighbor, root, edge, now); });
  }
  void link_synchronized(ServerId server, NeighborId neighbor, Moment now) override {
    pass_on([&] { next_.link_synchronized(server, neighbor, now); });
  }
  void update_received(ServerId server, NeighborId from, const RecordView& report, Verdict verdict,
                       Moment now) override {
    pass_on([&] { next_.update_received(server, from, report, verdict, now); });
  }
  void link_up(ServerId server, NeighborId neighbor, Moment now) override {
    pass_on([&] { next_.link_up(server, neighbor, now); });
  }
  void link_down(ServerId server, NeighborId neighbor, Moment now) override {
    pass_on([&] { next_.link_down(server, neighbor, now); });
  }
  void line_refused(ServerId server, std::string_view line, const ParseError& error,
                    bool on_link) override {
    pass_on([&] { next_.line_refused(server, line, error, on_link); });
  }
  void query_heard(ServerId server, const Whatsat& query) override {
    pass_on([&] { next_.query_heard(server, query); });
  }

 protected:
  Observer& next() { return next_; }

 private:
  // Called around each call that is passed on, if it surrounds them: a place for what all of them
  // need, as a lock.
  virtual void before_call() {}
  virtual void after_call() {}

  template <class Call>
  void pass_on(Call call) {
    if (!surrounds_) return call();
    before_call();
    call();
    after_call();
  }

  Observer& next_;
  const bool surrounds_;
};

}  // namespace herd
