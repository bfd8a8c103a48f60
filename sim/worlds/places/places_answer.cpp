#include "sim/worlds/places/places_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>

#include "sim/base/json/check_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/text_encoding.h"
#include "sim/worlds/places/key_censor.h"
#include "sim/worlds/world/places_status.h"

namespace sim {
namespace {

constexpr std::size_t kLeastKey = 8;  // of a key that is looked for in the whole body

// Every run of CR and LF as one LF, none at either end. JSON strings hold no raw newlines.
std::string fold_newlines(std::string_view text) {
  const auto end_of_line = [&](char newline, std::size_t from) {
    return std::min(text.find(newline, from), text.size());
  };
  std::string out;
  out.reserve(text.size());
  // Each kind of newline is searched for only once that found last has been passed: bodies are
  // long, and most have one kind.
  std::size_t lf = end_of_line('\n', 0), cr = end_of_line('\r', 0);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(lf, cr);
    if (end > at) {
      if (!out.empty()) out += '\n';
      out.append(text, at, end - at);
    }
    at = end + 1;
    if (lf < at) lf = end_of_line('\n', at);
    if (cr < at) cr = end_of_line('\r', at);
  }
  return out;
}

bool is_status(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string json_quoted(std::string_view text) {
  const std::unique_ptr<char, decltype(&std::free)> json(
      json_dumps(json_text(text).get(), JSON_ENCODE_ANY), &std::free);
  return json.get();
}

// Returns a Nearby Search answer without results, which is what a server sees of every failure. One
// line.
std::string error_body(std::string_view status, std::string_view message) {
  return fmt::format(
      R"({{"html_attributions": [], "results": [], "status": {}, "error_message": {}}})",
      json_quoted(status), json_quoted(message));
}

// Returns the text of a member that is a string; "" if there is none.
std::string text_of(std::string_view json, const JsonMember* member) {
  if (member == nullptr || json[member->value.begin] != '"') return {};
  return json_string_text(member->value.in(json));
}

bool is_array(std::string_view json, const JsonMember* member) {
  return member != nullptr && json[member->value.begin] == '[';
}

// Puts `value` (JSON) in place of a member's own, or as a new first member.
void set_member(std::string& body, std::string_view name, std::string_view value) {
  const auto members = json_members(body);
  if (const JsonMember* member = find_member(members, name); member != nullptr) {
    body.replace(member->value.begin, member->value.end - member->value.begin, value);
  } else {
    body.insert(body.find('{') + 1, fmt::format("\"{}\": {}, ", name, value));
  }
}

}  // namespace

PlacesReply PlacesReply::failure(std::string_view error) {
  PlacesReply reply;
  reply.status_ = "UNKNOWN_ERROR";
  reply.error_ = error;
  reply.body_ = error_body(reply.status_, error);
  return reply;
}

PlacesReply PlacesReply::from_body(std::string_view body, std::string_view secret) {
  auto reply = read(body, secret);
  if (!reply) return failure(reply.error());
  reply->censor(secret);
  return std::move(*reply);
}

PlacesReply PlacesReply::from_http_error(long http_status, std::string_view body,
                                         std::string_view secret) {
  auto reply = read(body, secret);
  if (!reply || reply->error_.empty()) {
    return failure(fmt::format("Places answered HTTP {}", http_status));
  }
  reply->censor(secret);
  reply->error_ += fmt::format(" (HTTP {})", http_status);
  return std::move(*reply);
}

herd::Result<PlacesReply, std::string> PlacesReply::read(std::string_view body,
                                                         std::string_view secret) {
  PlacesReply reply;
  reply.body_ = fold_newlines(without_byte_order_mark(body));
  if (const auto fault = find_json_fault(reply.body_)) {
    // The body is not quoted: it may hold the key.
    return fmt::format("Places answered with what is not JSON (line {}, column {})", fault->line,
                       fault->column);
  }
  const auto members = json_members(reply.body_);
  const JsonMember* const results = find_member(members, "results");
  reply.status_ = text_of(reply.body_, find_member(members, "status"));
  if (!is_status(reply.status_)) return read_error_object(reply.body_, members, secret);
  if (is_places_answer(reply.status_)) {
    if (!is_array(reply.body_, results)) {
      return std::string("Places answered with JSON that is no Nearby Search answer: no results");
    }
    reply.results_ = json_elements(reply.body_, results->value.begin);
    return reply;
  }
  const std::string sent = text_of(reply.body_, find_member(members, "error_message"));
  const std::string message = reply.take_message(sent, secret);
  const bool has_results =
      !is_array(reply.body_, results) || !json_elements(reply.body_, results->value.begin).empty();
  if (message != sent) set_member(reply.body_, "error_message", json_quoted(message));
  if (has_results) set_member(reply.body_, "results", "[]");
  return reply;
}

herd::Result<PlacesReply, std::string> PlacesReply::read_error_object(
    std::string_view body, const std::vector<JsonMember>& members, std::string_view secret) {
  PlacesReply reply;
  if (const JsonMember* const error = find_member(members, "error"); error != nullptr) {
    const auto parts = json_members(body, error->value.begin);
    reply.status_ = text_of(body, find_member(parts, "status"));
    if (is_status(reply.status_) && !is_places_answer(reply.status_)) {
      const std::string message =
          reply.take_message(text_of(body, find_member(parts, "message")), secret);
      reply.body_ = error_body(reply.status_, message);
      return reply;
    }
  }
  return std::string("Places answered with JSON that is no Nearby Search answer: no status");
}

// Sets error_ from the provider's own message, and returns what a client is told.
std::string PlacesReply::take_message(std::string_view sent, std::string_view secret) {
  if (repeats_key(sent, secret)) sent = "withheld, because it quotes the API key";
  error_ = sent.empty() ? fmt::format("Places answered {}", status_)
                        : fmt::format("Places answered {}: {}", status_, sent);
  return sent.empty() ? error_ : std::string(sent);
}

void PlacesReply::censor(std::string_view secret) {
  // Nearly every body contains a short text somewhere.
  if (secret.size() < kLeastKey || !repeats_key(body_, secret)) return;
  constexpr std::string_view kWithheld = "withheld, because it repeats the API key";
  const bool is_failure = status_ != "OK" && status_ != "ZERO_RESULTS";
  if (!is_failure || repeats_key(status_, secret)) status_ = "UNKNOWN_ERROR";
  error_ = fmt::format("Places answered {}: {}", status_, kWithheld);
  body_ = error_body(status_, kWithheld);
  results_.clear();
}

PlacesAnswer PlacesReply::cut(int bound) {
  if (shared_ == nullptr) shared_ = std::make_shared<const std::string>(std::move(body_));
  const auto kept = std::min(results_.size(), static_cast<std::size_t>(std::max(bound, 0)));
  std::size_t cut_begin = 0, cut_end = 0;
  if (kept < results_.size()) {
    cut_begin = kept == 0 ? results_.front().begin : results_[kept - 1].end;
    cut_end = results_.back().end;
  }
  return {.body = herd::SharedText(shared_, cut_begin, cut_end),
          .status = status_,
          .places = static_cast<int>(kept),
          .error = error_};
}

}  // namespace sim
