// `herdsim places`: the embedded Places provider, without a herd.
#include <uv.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/option_checks.h"
#include "sim/app/cli/standard_output.h"
#include "sim/app/cli/stop_signals.h"
#include "sim/base/io/io_loop.h"
#include "sim/script/spec/limits.h"
#include "sim/worlds/places/load_place_index.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_server.h"

namespace sim {
namespace {

struct PlacesOptions {
  std::uint16_t port = 0;  // 0: any free port
  std::string data;        // empty: the built-in places
  std::string tls_cert;    // empty, as tls_key: plain HTTP
  std::string tls_key;
};

int serve_places(const PlacesOptions& options) {
  const auto index = load_named_place_index(options.data);
  if (!index) {
    std::fprintf(stderr, "%s\n", index.error().message.c_str());
    return kNotCarriedOut;
  }
  IoLoop loop;
  PlacesServerConfig config;
  config.port = options.port;
  config.tls_cert_file = options.tls_cert;
  config.tls_key_file = options.tls_key;
  const auto server = PlacesServer::start(loop.uv(), **index, config);
  if (!server) {
    std::fprintf(stderr, "places: %s\n", server.error().c_str());
    return kNotCarriedOut;
  }
  // Before the URL is printed, because a script that reads it may send a signal at once.
  const StopSignals signals(loop, [&loop] { loop.stop(); });
  std::printf("%s%s\n", (*server)->url().c_str(), std::string(kNearbySearchPath).c_str());
  if (!flush_standard_output()) return kNotCarriedOut;
  loop.run();
  return kDone;
}

}  // namespace

Command add_places_command(CLI::App& program) {
  const auto options = std::make_shared<PlacesOptions>();
  CLI::App& parser = *program.add_subcommand(
      "places", "Run the embedded Places provider on its own until interrupted");
  parser
      .add_option("--port", options->port, "Port of 127.0.0.1 to listen on (default: any free one)")
      ->type_name("N")
      ->check(whole_number(0, static_cast<std::uint64_t>(kMaxPort)));
  parser
      .add_option(
          "--data", options->data,
          "Places, as a CSV or GeoJSON file; -: standard input (default: the built-in cities)")
      ->type_name("FILE");
  CLI::Option* const cert =
      parser
          .add_option("--tls-cert", options->tls_cert,
                      "Serve HTTPS with this certificate (PEM); needs --tls-key")
          ->type_name("FILE");
  CLI::Option* const key = parser
                               .add_option("--tls-key", options->tls_key,
                                           "Private key of the certificate (PEM); needs --tls-cert")
                               ->type_name("FILE");
  cert->needs(key);
  key->needs(cert);
  parser.footer("Example: herdsim places --port 8080");
  return {&parser, [options] { return serve_places(*options); }};
}

}  // namespace sim
