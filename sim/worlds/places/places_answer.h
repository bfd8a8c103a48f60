// The answer to a WHATSAT, made from the reply of the Places provider: the Nearby Search JSON with
// at most the wanted number of results. Everything else stays byte for byte as it came (unknown
// fields, the spelling of numbers). The answer has no empty line, because an empty line ends it in
// the herd's protocol.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/shared_text.h"
#include "sim/worlds/places/json_scan.h"

namespace sim {

struct PlacesAnswer {
  // One JSON object; every run of CR and LF is one LF, none at either end. All answers that are
  // made from one reply share it.
  herd::SharedText body;
  std::string status;  // its `status`, 1 to 64 of A-Z 0-9 _
  int places = 0;      // how many results it holds
  std::string error;   // what failed, for a log; empty where status is OK or ZERO_RESULTS
};

// One provider's reply, read once, and cut for each who asked.
class PlacesReply {
 public:
  // Reads the body of an HTTP 200. A body that is not a Nearby Search answer becomes a failure.
  // Such an answer is a JSON object with a string `status` and, if that is OK or ZERO_RESULTS, an
  // array `results`. Of members with one name the last one counts. Any other status passes without
  // results and with an `error_message`, put in where the provider sent none. So does the error of
  // Google's newer services: an object `error` with a `status` and a `message`. `secret`, where not
  // empty, is the API key: an error message that
  // repeats it in any encoding is replaced, and so is every other answer that does.
  static PlacesReply from_body(std::string_view body, std::string_view secret = {});

  // Reads the body of an HTTP error, in which Google says what was wrong: its status and message
  // pass as above. Any other body becomes a failure that names the HTTP status.
  static PlacesReply from_http_error(long http_status, std::string_view body,
                                     std::string_view secret = {});

  // A reply for a provider that gave none: status UNKNOWN_ERROR, no results.
  static PlacesReply failure(std::string_view error);

  // Returns an answer with at most `bound` (>= 0) results.
  PlacesAnswer cut(int bound);

 private:
  // The error says why the body is no answer.
  static herd::Result<PlacesReply, std::string> read(std::string_view body,
                                                     std::string_view secret);
  static herd::Result<PlacesReply, std::string> read_error_object(
      std::string_view body, const std::vector<JsonMember>& members, std::string_view secret);
  std::string take_message(std::string_view sent, std::string_view secret);

  // Replaces an answer that repeats the key.
  void censor(std::string_view secret);

  std::string body_;                           // until the first cut()
  std::shared_ptr<const std::string> shared_;  // from then on
  std::string status_;
  std::string error_;
  std::vector<TextRange> results_;  // their positions in body_
};

}  // namespace sim
