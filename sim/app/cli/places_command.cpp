#include <uv.h>

#include <cstdio>
#include <memory>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/base/io/io_loop.h"
#include "sim/worlds/places/load_place_index.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_server.h"

namespace sim {

int places_command(const PlacesCommand& command) {
  const auto index = load_place_index(command.data);
  if (!index) {
    std::fprintf(stderr, "%s\n", index.error().message.c_str());
    return kNotCarriedOut;
  }
  IoLoop loop;
  PlacesServerConfig config;
  config.port = command.port;
  config.tls_cert_file = command.tls_cert;
  config.tls_key_file = command.tls_key;
  const auto server = PlacesServer::start(loop.uv(), **index, config);
  if (!server) {
    std::fprintf(stderr, "places: %s\n", server.error().c_str());
    return kNotCarriedOut;
  }
  const StopSignals signals(loop, [&loop] { loop.stop(); });  // before anybody knows that we run
  std::printf("%s%s\n", (*server)->url().c_str(), std::string(kNearbySearchPath).c_str());
  std::fflush(stdout);
  loop.run();
  return kDone;
}

}  // namespace sim
