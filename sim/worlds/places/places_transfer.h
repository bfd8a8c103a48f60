// A question to a Places provider on its way: one libcurl handle, and what comes of it.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/worlds/places/places_answer.h"
#include "sim/worlds/places/places_asker_config.h"

namespace sim {

// A question, and the callers that wait for its answer.
struct PlacesQuestion {
  struct Ask {
    std::uint64_t query_id = 0;
    int bound = 0;
  };
  std::string query;  // without the key
  std::uint64_t deadline_ns = 0;
  std::vector<Ask> asks;
};
using QuestionPtr = std::shared_ptr<PlacesQuestion>;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyPtr = std::unique_ptr<CURL, EasyDeleter>;
using ListPtr = std::shared_ptr<curl_slist>;

// A libcurl handle and what it is doing; reused. libcurl holds its address.
struct PlacesTransfer {
  EasyPtr easy;
  QuestionPtr question;  // null while idle
  std::string body;
  std::size_t max_body = 0;
  bool too_large = false;
  bool is_retry = false;  // the question was lost on a connection that the provider had closed
  ListPtr resolve;        // libcurl reads it while the transfer runs
};

// Returns an idle transfer; null if libcurl has no memory for it. Its handle's private data are the
// transfer.
std::unique_ptr<PlacesTransfer> make_transfer(const PlacesAskerConfig& config);

// Returns true if the question was lost because the provider had closed a connection that it had
// kept open until then, or closed it at that moment: no byte of an answer came. libcurl itself asks
// again only while it finds no more than five such connections in a row.
bool was_closed_before(const PlacesTransfer& transfer, CURLcode code);

// Returns what a transfer that ended with `code` is answered with. `origin` names the provider.
PlacesReply reply_of(const PlacesTransfer& transfer, CURLcode code, const PlacesAskerConfig& config,
                     const std::string& origin);

// Returns a time in milliseconds, rounded up, as libcurl and libuv take it; at least 1.
long to_ms(std::uint64_t ns);
// Returns a duration in nanoseconds; at least 1 ms.
std::uint64_t to_ns(herd::Duration duration);

}  // namespace sim
