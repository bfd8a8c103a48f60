// Many wake-ups on one precise timer. An alarm has one moment at which it runs an action, and uses
// no descriptor. Only the loop's thread may use these classes.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "sim/base/free_places.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/precise_timer.h"

namespace sim {

class Alarm;

class AlarmClock {
 public:
  explicit AlarmClock(IoLoop& loop) : loop_(loop), timer_(loop, [this] { ring(); }) {}
  AlarmClock(const AlarmClock&) = delete;
  AlarmClock& operator=(const AlarmClock&) = delete;

  IoLoop& loop() { return loop_; }

 private:
  friend class Alarm;
  struct Entry {
    std::uint64_t at_ns = 0;
    std::uint64_t order = 0;  // of two alarms for the same moment, the one set first rings first
    std::uint32_t alarm = 0;
    friend bool operator>(const Entry& a, const Entry& b) {
      return a.at_ns != b.at_ns ? a.at_ns > b.at_ns : a.order > b.order;
    }
  };

  std::uint32_t add(Alarm* alarm);
  void remove(std::uint32_t alarm);
  void set(std::uint32_t alarm, std::uint64_t at_ns);
  void ring();
  void drop_stale();
  void arm();

  IoLoop& loop_;
  PreciseTimer timer_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_;
  std::vector<Alarm*> alarms_;  // null if the number is free
  FreePlaces<> free_;
  std::uint64_t next_order_ = 1;
  std::uint64_t armed_ns_ = 0;  // 0 if not armed
  bool ringing_ = false;
};

// An alarm rings once each time it is set. Setting it again replaces the earlier moment. The clock
// must outlive it.
class Alarm {
 public:
  Alarm(AlarmClock& clock, std::function<void()> action)
      : clock_(clock), action_(std::move(action)), number_(clock.add(this)) {}
  ~Alarm() { clock_.remove(number_); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // Sets the alarm. `at_ns` is on the scale of uv_hrtime(). A moment that has passed rings on the
  // loop's next turn.
  void set(std::uint64_t at_ns) { clock_.set(number_, at_ns); }
  void cancel() { order_ = 0; }
  bool is_set() const { return order_ != 0; }

 private:
  friend class AlarmClock;
  AlarmClock& clock_;
  std::function<void()> action_;
  std::uint32_t number_;
  std::uint64_t order_ = 0;  // the order of the current entry; 0 if the alarm is not set
};

}  // namespace sim
