// A Recorder for a herd whose servers decide on several threads at once. Each thread has an
// observer of its own, its teller, and the Recorder receives one call at a time.
//
// The calls come in the order that the Recorder needs. The call for a message's sending is over
// before its bytes go out, and so before the call for its arrival begins. The thread that reports
// an update also reports the messages that its server sends because of it; each teller keeps the
// update that its thread handles. Times may be a little out of order, because a thread reads the
// clock before its turn.
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
  // The Recorder must outlive it. A caller of the Recorder itself must ensure that no teller is
  // called at the same time.
  SharedRecorder(Recorder& recorder, std::uint32_t tellers);
  ~SharedRecorder();
  SharedRecorder(const SharedRecorder&) = delete;
  SharedRecorder& operator=(const SharedRecorder&) = delete;

  // Returns one observer for each thread, by the thread's number.
  std::vector<herd::Observer*> tellers() const;

 private:
  class Teller;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Teller>> tellers_;
};

}  // namespace sim
