#include "sim/cli/until_signalled.h"

#include <csignal>
#include <functional>
#include <utility>

#include "sim/io/uv_handle.h"

namespace sim {

// Calls back on the loop's thread for each signal that tells to stop. Signals are heard from the
// constructor on.
class StopSignals {
 public:
  StopSignals(IoLoop& loop, std::function<void()> told) : told_(std::move(told)) {
    const auto hear = [](uv_signal_t* handle, int) {
      static_cast<StopSignals*>(handle->data)->told_();
    };
    for (auto* handle : {interrupt_.get(), terminate_.get(), hang_up_.get()}) {
      uv_signal_init(loop.uv(), handle);
    }
    uv_signal_start(interrupt_.get(), hear, SIGINT);
    uv_signal_start(terminate_.get(), hear, SIGTERM);
    uv_signal_start(hang_up_.get(), hear, SIGHUP);
  }

 private:
  std::function<void()> told_;
  UvHandle<uv_signal_t> interrupt_{this}, terminate_{this}, hang_up_{this};
};

void run_until_signalled(IoLoop& loop) {
  const StopSignals signals(loop, [&loop] { loop.stop(); });
  loop.run();
}

SignalFlag::SignalFlag()
    : inbox_(loop_), signals_(std::make_unique<StopSignals>(loop_, [this] { raised_ = true; })) {
  thread_ = std::thread([this] { loop_.run(); });
}

SignalFlag::~SignalFlag() {
  inbox_.post([this] { loop_.stop(); });
  thread_.join();
}

}  // namespace sim
