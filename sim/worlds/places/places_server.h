// The embedded Places provider: a real HTTP/1.1 (or HTTPS) server on a real port that answers
// Nearby Search (nearby_search.h) from an index, and can be told to be slow and to fail.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "sim/worlds/places/place_index.h"
#include "sim/worlds/places/places_faults.h"

namespace sim {

struct PlacesServerConfig {
  std::string host = "127.0.0.1";  // a numeric address, IPv4 or IPv6
  std::uint16_t port = 0;          // 0: any free one
  // Before kNearbySearchPath, as "/x7"; empty: nothing. If nobody can guess it, only those who were
  // told url() can ask.
  std::string path_prefix = {};
  std::string key = {};  // the API key that every query must bring; empty: none
  // PEM files. Both: HTTPS; none: HTTP; one alone is an error.
  std::string tls_cert_file = {};
  std::string tls_key_file = {};
  PlacesFaults faults = {};
  std::uint64_t seed = 1;  // of the faults
};

struct PlacesServerCounts {
  std::uint64_t connections = 0;  // accepted so far
  std::uint64_t requests = 0;     // Nearby Searches, whatever became of them
};

// Runs on the loop that it was given, and on no other thread; every member must be called there.
// It answers GET on path_prefix + kNearbySearchPath, 404 on other paths, 405 to other methods, and
// keeps connections alive. Latency is rounded up to the loop's milliseconds.
class PlacesServer {
 public:
  // Returns the places, the same in each call. It is called for each search, and may take its time
  // in the first call. The places must outlive the server's handles.
  using Source = std::function<const PlaceIndex&()>;

  // Listens from now on. `loop` and `index` must outlive the server's handles. The error says what
  // could not be done. Reads the TLS files, blocking.
  static herd::Result<std::unique_ptr<PlacesServer>, std::string> start(
      uv_loop_t* loop, const PlaceIndex& index, const PlacesServerConfig& config) {
    return start(
        loop, [&index]() -> const PlaceIndex& { return index; }, config);
  }
  static herd::Result<std::unique_ptr<PlacesServer>, std::string> start(
      uv_loop_t* loop, Source source, const PlacesServerConfig& config);

  // Closes, if close() has not; the handles are gone after another turn of the loop.
  ~PlacesServer();
  PlacesServer(const PlacesServer&) = delete;
  PlacesServer& operator=(const PlacesServer&) = delete;

  std::uint16_t port() const;
  // http://HOST:PORT and the path prefix, as PlacesAskerConfig::base_url takes it.
  std::string url() const;

  // For the requests to come; those already waiting keep their latency.
  void set_faults(const PlacesFaults& faults);

  PlacesServerCounts counts() const;

  // Stops listening and cuts every connection. `closed` is called from the loop once no handle is
  // left; the server may be destroyed before that. To be called at most once.
  void close(std::function<void()> closed);

 private:
  class Daemon;

  explicit PlacesServer(std::shared_ptr<Daemon> daemon);

  std::shared_ptr<Daemon> daemon_;
};

}  // namespace sim
