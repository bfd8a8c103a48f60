// The embedded Places providers of a run or of a served scenario: one for each herd that asks one,
// all on a loop and thread of their own, so that a search slows no herd and no client.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/places/place_index.h"
#include "sim/worlds/places/places_asker.h"
#include "sim/worlds/places/places_server.h"

namespace sim {

class PlacesHost {
 public:
  // When the built-in places are read, which takes 15 MiB and, once, the time of some answers. The
  // files that a scenario names are always read at once, because they may have errors.
  enum class ReadBuiltIn { kAtOnce, kAtFirstQuestion };

  // Has the embedded providers listen on free loopback ports. Throws SetUpError.
  static herd::Result<std::unique_ptr<PlacesHost>, Error> start(const Scenario& scenario,
                                                                ReadBuiltIn when);
  ~PlacesHost();
  PlacesHost(const PlacesHost&) = delete;
  PlacesHost& operator=(const PlacesHost&) = delete;

  // Returns the URL of a herd's provider; empty if the herd does not use one of ours.
  const std::string& url(std::uint32_t herd) const { return urls_[herd]; }
  // For the requests to come. Any thread.
  void set_faults(std::uint32_t herd, const PlacesFaults& faults);

 private:
  PlacesHost() : inbox_(loop_) {}

  herd::Result<PlacesServer::Source, Error> source_of(const std::string& data, ReadBuiltIn when);

  IoLoop loop_;
  LoopInbox inbox_;
  std::vector<std::pair<std::string, std::shared_ptr<const PlaceIndex>>> indexes_;  // by data file
  std::vector<std::unique_ptr<PlacesServer>> servers_;                              // by herd
  std::vector<std::string> urls_;
  std::thread thread_;
};

// How a herd's servers ask: of the provider at `embedded_url`, or of Google's. An error where the
// variable that is to hold the key is not set.
herd::Result<PlacesAskerConfig, Error> asker_config(const PlacesSpec& spec,
                                                    const std::string& embedded_url);

// Whether a run needs providers: its script asks Places, or a herd names a data file, which had
// better be good.
bool needs_places_host(const Scenario& scenario);

}  // namespace sim
