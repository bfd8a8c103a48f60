#include "sim/app/cli/stop_signals.h"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "sim/app/cli/exit_status.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/io/start_thread.h"

namespace sim {

void let_signals_end_at_once() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = [](int) { ::_exit(kInterrupted); };
    static_cast<void>(::sigaction(signal, &action, nullptr));
  }
}

StopSignals::StopSignals(IoLoop& loop, std::function<void()> told) : told_(std::move(told)) {
  const auto hear = [](uv_signal_t* handle, int) {
    static_cast<StopSignals*>(handle->data)->told_();
  };
  constexpr const char* kSignals = "a watch for signals";
  for (auto* handle : {interrupt_.get(), terminate_.get(), hang_up_.get()}) {
    require(uv_signal_init(loop.uv(), handle), kSignals);
  }
  require(uv_signal_start(interrupt_.get(), hear, SIGINT), kSignals);
  require(uv_signal_start(terminate_.get(), hear, SIGTERM), kSignals);
  require(uv_signal_start(hang_up_.get(), hear, SIGHUP), kSignals);
}

SignalFlag::SignalFlag() : inbox_(loop_) {
  thread_ = start_thread([this] { loop_.run(); });
}

SignalFlag::~SignalFlag() {
  inbox_.post([this] { loop_.stop(); });
  thread_.join();
}

}  // namespace sim
