// A Recorder for a herd whose servers decide on several threads at once: each thread tells a teller
// of its own, and the Recorder hears one call at a time.
//
// What the Recorder needs of their order it gets. A call that tells of a message's sending is over
// before its bytes go out, and so before the call that tells of its coming begins. What a server
// sends because of an update is told by the thread that told of the update, and each teller keeps
// the update that its thread is at. Times may be a little out of order, since a thread reads the
// clock before it has its turn.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "core/observer.h"
#include "sim/measure/metrics/recorder.h"

namespace sim {

class SharedRecorder {
 public:
  // The Recorder must outlive it. Whoever calls that itself sees to it that no teller is called.
  SharedRecorder(Recorder& recorder, std::uint32_t tellers);
  ~SharedRecorder();
  SharedRecorder(const SharedRecorder&) = delete;
  SharedRecorder& operator=(const SharedRecorder&) = delete;

  // One for each thread, by the thread's number.
  std::vector<herd::Observer*> tellers() const;

 private:
  class Teller;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Teller>> tellers_;
};

}  // namespace sim
