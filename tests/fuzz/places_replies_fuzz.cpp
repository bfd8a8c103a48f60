// The reply of a Places provider: whatever it is, each who asked gets an answer that can be framed.
#include <algorithm>
#include <string>

#include "sim/base/json/parse_json.h"
#include "sim/worlds/places/json_scan.h"
#include "sim/worlds/places/places_answer.h"
#include "sim/worlds/places/places_summary.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

bool is_status(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void check(sim::PlacesReply& reply, int bound) {
  const sim::PlacesAnswer answer = reply.cut(bound);
  const std::string body = answer.body.str();
  require(!body.empty() && body.front() != '\n' && body.back() != '\n' &&
              body.find("\n\n") == std::string::npos && body.find('\r') == std::string::npos,
          "an answer has no empty line", body);
  require(answer.places >= 0 && answer.places <= bound, "an answer keeps to its bound");
  require(is_status(answer.status), "a status is a word", answer.status);
  const sim::PlacesSummary read = sim::summarize_places(body);
  require(read.well_formed, "a client can read it", body);
  require_equal(read.status, answer.status, "a client reads the same status");
  require(read.places == static_cast<std::uint64_t>(answer.places), "a client counts the same",
          body);
}

}  // namespace

// The first byte is the bound of the question.
void one_input(std::string_view input) {
  if (input.empty()) return;
  const int bound = static_cast<unsigned char>(input[0]) % 22;
  const std::string body(input.substr(1));
  // It ends and stays within any text.
  sim::json_members(body);
  sim::json_elements(body, 0);
  for (const std::string_view secret : {"", "se"}) {
    for (sim::PlacesReply reply : {sim::PlacesReply::from_body(body, secret),
                                   sim::PlacesReply::from_http_error(403, body, secret)}) {
      check(reply, bound);
      check(reply, 20);
    }
  }
  sim::PlacesReply failure = sim::PlacesReply::failure(body);
  check(failure, bound);
}

}  // namespace herd::fuzz
