#include "sim/worlds/places/places_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

bool is_newline(char c) { return c == '\n' || c == '\r'; }

// Every run of CR and LF as one LF, none at either end. JSON strings hold no raw newlines.
std::string fold_newlines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool newline = false;
  for (const char c : text) {
    if (is_newline(c)) {
      newline = true;
      continue;
    }
    if (newline && !out.empty()) out += '\n';
    newline = false;
    out += c;
  }
  return out;
}

bool is_status(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string quoted(std::string_view text) {
  const std::unique_ptr<char, decltype(&std::free)> json(
      json_dumps(json_text(text).get(), JSON_ENCODE_ANY), &std::free);
  return json.get();
}

// Returns a Nearby Search answer without results, which is what a server sees of every failure. One
// line.
std::string error_body(std::string_view status, std::string_view message) {
  return fmt::format(
      R"({{"html_attributions": [], "results": [], "status": {}, "error_message": {}}})",
      quoted(status), quoted(message));
}

const JsonMember* find_member(const std::vector<JsonMember>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const JsonMember& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
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
  PlacesReply reply;
  reply.body_ = fold_newlines(body);
  json_error_t json_error;
  const OwnedJson json = parse_json(
      reply.body_, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &json_error);
  // The parser's own words may quote the body, so only the place is told.
  if (!json) {
    return failure(fmt::format("Places answered with what is not JSON (line {}, column {})",
                               json_error.line, json_error.column));
  }
  const std::string_view status = string_of(json_object_get(json.get(), "status"));
  if (!is_status(status)) {
    return failure("Places answered with JSON that is no Nearby Search answer: no status");
  }
  reply.status_ = status;
  const json_t* const results = json_object_get(json.get(), "results");
  if (status == "OK" || status == "ZERO_RESULTS") {
    if (!json_is_array(results)) {
      return failure("Places answered with JSON that is no Nearby Search answer: no results");
    }
    const auto members = json_members(reply.body_);
    reply.results_ = json_elements(reply.body_, find_member(members, "results")->value.begin);
    return reply;
  }

  std::string_view message = string_of(json_object_get(json.get(), "error_message"));
  const bool quotes_secret = !secret.empty() && message.find(secret) != std::string_view::npos;
  if (quotes_secret) message = "withheld, because it quotes the API key";
  reply.error_ = message.empty() ? fmt::format("Places answered {}", status)
                                 : fmt::format("Places answered {}: {}", status, message);
  if (message.empty()) message = reply.error_;
  if (message != string_of(json_object_get(json.get(), "error_message"))) {
    set_member(reply.body_, "error_message", quoted(message));
  }
  if (!json_is_array(results) || json_array_size(results) > 0) {
    set_member(reply.body_, "results", "[]");
  }
  return reply;
}

PlacesAnswer PlacesReply::cut(int bound) const {
  const auto kept = std::min(results_.size(), static_cast<std::size_t>(std::max(bound, 0)));
  PlacesAnswer answer{
      .body = body_, .status = status_, .places = static_cast<int>(kept), .error = error_};
  if (kept < results_.size()) {
    const std::size_t begin = kept == 0 ? results_.front().begin : results_[kept - 1].end;
    answer.body.erase(begin, results_.back().end - begin);
  }
  return answer;
}

}  // namespace sim
