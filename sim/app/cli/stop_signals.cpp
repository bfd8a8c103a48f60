#include "sim/app/cli/stop_signals.h"

#include <csignal>
#include <utility>

namespace sim {

StopSignals::StopSignals(IoLoop& loop, std::function<void()> told) : told_(std::move(told)) {
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

SignalFlag::SignalFlag() : inbox_(loop_) {
  thread_ = std::thread([this] { loop_.run(); });
}

SignalFlag::~SignalFlag() {
  inbox_.post([this] { loop_.stop(); });
  thread_.join();
}

}  // namespace sim
