// A client's access link as one connection sees it: what the client says and what it is told take
// their time to cross. The loop's thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/io/run_clock.h"
#include "sim/worlds/live/link_direction.h"
#include "sim/worlds/net/access_links.h"

namespace sim {

class AccessPath {
 public:
  // `up` and `down` are given what has crossed. The link and the clocks must outlive the path.
  AccessPath(AccessLink& link, const RunClock& clock, AlarmClock& alarms, LinkDirection::Deliver up,
             LinkDirection::Deliver down, std::function<void()> dial)
      : up_(alarms, clock, link.up, std::move(up)),
        down_(alarms, clock, link.down, std::move(down)),
        dial_(alarms, std::move(dial)) {
    const herd::Instant now = clock.now();
    dial_.set(clock.hrtime_of(now + connect_delay(link.up, link.down.conditions(), now)));
  }

  // The connection stands: sends what was said before.
  void stands() {
    stands_ = true;
    if (!said_.empty()) say(std::exchange(said_, {}), "");
    if (finished_) finish();
  }
  void say(std::string_view text, std::string_view ending) {
    if (stands_) return up_.send(text, ending);
    said_.append(text).append(ending);
  }
  void finish() {
    finished_ = true;
    if (stands_) up_.send("", "", kEnd);
  }
  // `ending_bytes`: of a line's ending, which the client is not given.
  void hear(std::string_view text, std::size_t ending_bytes) {
    down_.send(text, "", {}, ending_bytes);
  }
  // Returns whether nothing is on its way in either direction.
  bool empty() const { return said_.empty() && up_.empty() && down_.empty(); }
  // The number of bytes that are in flight to the client.
  std::size_t coming() const { return down_.bytes_in_flight(); }
  void hear_end(bool orderly, std::string why) {
    orderly_end = orderly;
    end_reason = std::move(why);
    down_.send("", "", kEnd);
  }

  bool orderly_end = false;  // of hear_end()
  std::string end_reason;

 private:
  static constexpr PieceLabel kEnd{PieceLabel::Kind::kEnd};

  bool stands_ = false, finished_ = false;
  std::string said_;  // before the connection stood
  LinkDirection up_, down_;
  Alarm dial_;
};

}  // namespace sim
