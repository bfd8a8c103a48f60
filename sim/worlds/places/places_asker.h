// A herd server's way of asking a Places provider (Google's, the embedded one, any that speaks
// Nearby Search): libcurl on the server's own loop, many questions at once, never blocking.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sim/worlds/places/places_answer.h"
#include "sim/worlds/places/places_asker_config.h"

namespace sim {

// One for each herd server. Runs on the loop that it was given, and every member must be called
// there. Connections are kept alive and reused; a question that is lost because the provider had
// closed one is asked once more, on a new connection. TLS is verified. An https connection writes
// through OpenSSL: libcurl keeps SIGPIPE off while it does.
class PlacesAsker {
 public:
  // Called from the loop, never from within ask(). Every failure is an answer too: its `error`
  // says what failed, for a log, and its `status` is neither OK nor ZERO_RESULTS.
  using OnAnswer = std::function<void(std::uint64_t query_id, PlacesAnswer answer)>;

  // The error says what is wrong with the configuration. `loop` must outlive the handles.
  static herd::Result<std::unique_ptr<PlacesAsker>, std::string> create(
      uv_loop_t* loop, const PlacesAskerConfig& config, OnAnswer on_answer);

  // Closes, if close() has not; the handles are gone after further turns of the loop.
  ~PlacesAsker();
  PlacesAsker(const PlacesAsker&) = delete;
  PlacesAsker& operator=(const PlacesAsker&) = delete;

  // Asks what is within `radius_km`, in (0, 50], of an ISO 6709 location, and answers with at most
  // `bound` places, exactly once unless close() comes first. Identical questions in progress (same
  // location and radius) are sent once, and share the time limit of the first. With more than
  // max_transfers + max_queue asks unanswered, or a field that is wrong, the answer is an error.
  void ask(std::uint64_t query_id, std::string_view location, double radius_km, int bound);

  // Drops the questions in progress: no answer comes any more. `closed` is called from the loop
  // once no handle, socket or lookup is left; the asker may be destroyed before that. At most once.
  void close(std::function<void()> closed);

 private:
  class Engine;

  explicit PlacesAsker(std::shared_ptr<Engine> engine);

  std::shared_ptr<Engine> engine_;
};

}  // namespace sim
