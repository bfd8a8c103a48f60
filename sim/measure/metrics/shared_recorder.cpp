#include "sim/measure/metrics/shared_recorder.h"

namespace sim {

// Holds the lock for each call, and keeps the update that its thread handles. On a cache line of
// its own, which only its thread writes.
class alignas(64) SharedRecorder::Teller final : public herd::ForwardingObserver {
 public:
  Teller(Recorder& recorder, std::mutex& mutex)
      : ForwardingObserver(recorder, true), recorder_(recorder), mutex_(mutex) {}

 private:
  void before_call() override {
    mutex_.lock();
    recorder_.resume(current_);
  }
  void after_call() override {
    current_ = recorder_.current();
    mutex_.unlock();
  }

  Recorder& recorder_;
  std::mutex& mutex_;
  Recorder::Current current_;  // of the thread's last report
};

SharedRecorder::SharedRecorder(Recorder& recorder, std::uint32_t tellers) {
  for (std::uint32_t i = 0; i < tellers; ++i) {
    tellers_.push_back(std::make_unique<Teller>(recorder, mutex_));
  }
}

SharedRecorder::~SharedRecorder() = default;

std::vector<herd::Observer*> SharedRecorder::tellers() const {
  std::vector<herd::Observer*> out;
  out.reserve(tellers_.size());
  for (const auto& teller : tellers_) out.push_back(teller.get());
  return out;
}

}  // namespace sim
