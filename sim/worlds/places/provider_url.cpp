#include "sim/worlds/places/provider_url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>

#include "sim/worlds/places/nearby_search.h"

namespace sim {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// Returns a part of a URL; nullopt if it has none.
std::optional<std::string> url_part(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string out(text);
  curl_free(text);
  return out;
}

struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

}  // namespace

std::optional<ProviderUrl> read_provider_url(std::string text) {
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), printable)) return std::nullopt;
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  for (const CURLUPart part :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
    if (url_part(url.get(), part)) return std::nullopt;
  }
  const auto scheme = url_part(url.get(), CURLUPART_SCHEME);
  const auto host = url_part(url.get(), CURLUPART_HOST);
  const auto port = url_part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!scheme || !host || !port || (*scheme != "http" && *scheme != "https")) return std::nullopt;
  while (text.back() == '/') text.pop_back();
  return ProviderUrl{.prefix = fmt::format("{}{}?", text, kNearbySearchPath),
                     .origin = fmt::format("{}://{}:{}", *scheme, *host, *port),
                     .host = *host,
                     .port = *port,
                     .is_plain = *scheme == "http"};
}

std::string key_parameter(const std::string& key) {
  if (key.empty()) return "";
  const std::unique_ptr<char, FreeText> encoded(
      curl_easy_escape(nullptr, key.data(), static_cast<int>(key.size())));
  if (!encoded) throw std::bad_alloc();
  return fmt::format("&key={}", encoded.get());
}

}  // namespace sim
