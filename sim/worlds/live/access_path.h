// A client's access link, and one connection's way over it: what the client says and what it is
// told take their time to cross. The loop's thread only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sim/base/io/run_clock.h"
#include "sim/worlds/live/delay_line.h"
#include "sim/worlds/net/access_links.h"

namespace sim {

class AccessPath {
 public:
  // `up` and `down` are given what has crossed. The link and the clock must outlive the path.
  AccessPath(AccessLink& link, const RunClock& clock, AlarmClock& alarms, DelayLine::Deliver up,
             DelayLine::Deliver down, std::function<void()> dial)
      : link_(link),
        clock_(clock),
        up_(alarms, std::move(up)),
        down_(alarms, std::move(down)),
        dial_(alarms, std::move(dial)) {
    const herd::Instant now = clock_.now();
    dial_.set(clock_.hrtime_of(now + connect_delay(link_.up, link_.down.conditions(), now)));
  }

  // The connection stands: what was said before goes on its way.
  void stands() {
    stands_ = true;
    if (!said_.empty()) say(std::exchange(said_, {}), "");
    if (finished_) finish();
  }
  void say(std::string_view text, std::string_view ending) {
    if (!stands_) {
      said_.append(text).append(ending);
      return;
    }
    up_.put(arrival(link_.up, text.size() + ending.size(), last_up_), text, ending);
  }
  void finish() {
    finished_ = true;
    if (stands_) up_.put_end(arrival(link_.up, 0, last_up_));
  }
  // `bytes`: what it weighs on the link.
  void hear(std::string_view text, std::size_t bytes) {
    down_.put(arrival(link_.down, bytes, last_down_), text, "");
  }
  // Bytes that are on their way down.
  std::size_t coming() const { return down_.bytes(); }
  void hear_end(bool orderly, std::string why) {
    orderly_end = orderly;
    end_reason = std::move(why);
    down_.put_end(arrival(link_.down, 0, last_down_));
  }

  bool orderly_end = false;  // of hear_end()
  std::string end_reason;

 private:
  std::uint64_t arrival(LinkModel& model, std::size_t bytes, herd::Instant& last) {
    return clock_.hrtime_of(model.arrival(clock_.now(), bytes, last));
  }

  AccessLink& link_;
  const RunClock& clock_;
  bool stands_ = false, finished_ = false;
  std::string said_;  // before it stood
  herd::Instant last_up_ = herd::Instant::min(), last_down_ = herd::Instant::min();
  DelayLine up_, down_;
  Alarm dial_;
};

}  // namespace sim
