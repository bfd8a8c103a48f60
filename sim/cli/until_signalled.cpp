#include "sim/cli/until_signalled.h"

#include <csignal>

#include "sim/io/uv_handle.h"

namespace sim {

void run_until_signalled(IoLoop& loop) {
  const auto stop = [](uv_signal_t* handle, int) { static_cast<IoLoop*>(handle->data)->stop(); };
  UvHandle<uv_signal_t> interrupt(&loop), terminate(&loop), hang_up(&loop);
  for (auto* handle : {interrupt.get(), terminate.get(), hang_up.get()}) {
    uv_signal_init(loop.uv(), handle);
  }
  uv_signal_start(interrupt.get(), stop, SIGINT);
  uv_signal_start(terminate.get(), stop, SIGTERM);
  uv_signal_start(hang_up.get(), stop, SIGHUP);
  loop.run();
}

}  // namespace sim
