#include "sim/measure/metrics/shared_recorder.h"

namespace sim {

// On a cache line of its own, which only its thread writes.
class alignas(64) SharedRecorder::Teller final : public herd::Observer {
 public:
  Teller(Recorder& recorder, std::mutex& mutex) : recorder_(recorder), mutex_(mutex) {}

  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.update_heard(server, report, verdict, now);
    current_ = recorder_.current();
  }
  void update_received(herd::ServerId server, herd::NeighborId from, const herd::RecordView& report,
                       herd::Verdict verdict, herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.update_received(server, from, report, verdict, now);
    current_ = recorder_.current();
  }
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.resume(current_);
    recorder_.update_sent(server, to, report, now);
  }
  void repair_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.repair_sent(server, to, report, now);
  }
  void summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.summary_sent(server, to, bytes, now);
  }
  void link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                         herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.link_synchronized(server, neighbor, now);
  }
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.link_up(server, neighbor, now);
  }
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override {
    const std::lock_guard lock(mutex_);
    recorder_.link_down(server, neighbor, now);
  }
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override {
    const std::lock_guard lock(mutex_);
    recorder_.line_refused(server, line, error, on_link);
  }
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override {
    const std::lock_guard lock(mutex_);
    recorder_.query_heard(server, query);
  }

 private:
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
