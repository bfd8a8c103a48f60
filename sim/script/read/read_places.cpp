#include "sim/script/read/read_places.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

#include "core/fields.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kGoogleUrl = "https://maps.googleapis.com";

constexpr std::string_view kRight = R"("embedded", or an object with a "provider")";
constexpr std::string_view kGoogleRight = R"({"provider": "google", "key_env": NAME})";
constexpr std::string_view kKeyEnvRight =
    R"(the name of the environment variable that holds the key, as "GOOGLE_PLACES_API_KEY")";
constexpr std::string_view kBaseUrlRight =
    R"(http or https, a host, maybe a port and a path, as "https://maps.googleapis.com")";
constexpr std::string_view kDataRight = "a CSV or GeoJSON file, from the scenario file's folder";
constexpr std::string_view kRateRight = "a number from 0 to 1";
constexpr DurationKind kTimeout{std::chrono::milliseconds(1), kMaxDuration,
                                R"(a duration from 1ms to 8760h, as "500ms", "2s" or "1min")"};
static_assert(kMaxDuration == std::chrono::hours(8760), "the text above says so");

constexpr std::array kProviders = {
    Choice<PlacesProvider>{"embedded", PlacesProvider::kEmbedded},
    Choice<PlacesProvider>{"google", PlacesProvider::kGoogle},
};

// What each provider takes besides "provider" and the time-outs.
struct ProviderKey {
  std::string_view key, provider;
};
constexpr std::array kProviderKeys = {
    ProviderKey{"latency", "embedded"}, ProviderKey{"fail", "embedded"},
    ProviderKey{"cut", "embedded"},     ProviderKey{"quota", "embedded"},
    ProviderKey{"data", "embedded"},    ProviderKey{"key_env", "google"},
    ProviderKey{"base_url", "google"},
};

void refuse_keys_of_the_other(ObjectReader& object, std::string_view provider) {
  std::vector<std::string_view> own;
  for (const ProviderKey& each : kProviderKeys) {
    if (each.provider == provider) own.push_back(each.key);
  }
  own.insert(own.end(), {"connect_timeout", "timeout"});
  const std::string right = fmt::format("{} takes {}", quoted(provider), listed(own, "and"));
  for (const ProviderKey& each : kProviderKeys) {
    if (each.provider == provider) continue;
    object.refuse(each.key,
                  fmt::format("belongs to {}, not to {}", quoted(each.provider), quoted(provider)),
                  right);
  }
}

bool is_alphanumeric(char c) {
  return herd::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::optional<double> read_share(const JsonNode& node, Problems& problems) {
  const auto number = read_number(node, problems);
  if (!number || (*number >= 0 && *number <= 1)) return number;
  problems.add(node.path, fmt::format("{} is out of range", *number), std::string(kRateRight));
  return std::nullopt;
}

// Why a file cannot be read; empty where it can.
std::string why_unreadable(const std::string& file) {
  struct Close {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  const std::unique_ptr<std::FILE, Close> stream(std::fopen(file.c_str(), "rb"));
  // A folder can be opened, but not read.
  if (stream != nullptr) std::fgetc(stream.get());
  if (stream != nullptr && std::ferror(stream.get()) == 0) return "";
  return std::generic_category().message(errno);
}

std::string read_data(const JsonNode& node, const std::string& folder, Problems& problems) {
  const auto text = read_text(node, problems, kDataRight);
  if (!text) return "";
  std::string file = text->starts_with('/') ? *text : folder + *text;
  const std::string why = why_unreadable(file);
  if (!why.empty()) {
    problems.add(node.path, fmt::format("{} cannot be read: {}", quoted(*text), why),
                 std::string(kDataRight));
  }
  return file;
}

// What stands here and should not may be the key itself, so that it is never repeated.
std::string read_key_env(const JsonNode& node, Problems& problems) {
  const auto name = read_text(node, problems, kKeyEnvRight);
  if (!name) return "";
  const bool good = !name->empty() && !herd::is_digit(name->front()) &&
                    std::all_of(name->begin(), name->end(),
                                [](char c) { return c == '_' || is_alphanumeric(c); });
  if (!good) {
    problems.add(node.path, "is not an environment variable's name", std::string(kKeyEnvRight));
  }
  return *name;
}

// A subset of what libcurl takes for a host: a name, an IPv4 address or an IPv6 one in brackets.
bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    in6_addr address{};
    const std::string inside(host.substr(1, host.size() - 2));
    return inet_pton(AF_INET6, inside.c_str(), &address) == 1;
  }
  return !host.empty() && is_alphanumeric(host.front()) &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_port(std::string_view text) {
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= kMaxPort;
}

// A path of RFC 3986: no query and no fragment.
bool is_path(std::string_view path) {
  static constexpr std::string_view kOthers = "/-._~!$&'()*+,;=:@%";
  return std::all_of(path.begin(), path.end(), [](char c) {
    return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_base_url(std::string_view url) {
  constexpr std::string_view kHttp = "http://", kHttps = "https://";
  if (url.starts_with(kHttp)) {
    url.remove_prefix(kHttp.size());
  } else if (url.starts_with(kHttps)) {
    url.remove_prefix(kHttps.size());
  } else {
    return false;
  }
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view path = url.substr(slash);
  std::string_view host = url.substr(0, slash);
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    if (!is_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  return is_host(host) && is_path(path);
}

// Somebody may have put the key into it, so that it is not repeated either.
std::string read_base_url(const JsonNode& node, Problems& problems) {
  auto url = read_text(node, problems, kBaseUrlRight);
  if (!url) return "";
  if (!is_base_url(*url)) {
    problems.add(node.path, "is not a URL that can be used", std::string(kBaseUrlRight));
  }
  return std::move(*url);
}

void read_timeouts(ObjectReader& object, PlacesSpec& places, Problems& problems) {
  const auto connect_node = object.optional("connect_timeout");
  const auto timeout_node = object.optional("timeout");
  const auto connect =
      connect_node ? read_duration(*connect_node, problems, kTimeout) : std::nullopt;
  if (timeout_node) {
    const auto timeout = read_duration(*timeout_node, problems, kTimeout);
    if (!timeout) return;
    places.timeout = *timeout;
  }
  places.connect_timeout = connect.value_or(std::min(places.connect_timeout, places.timeout));
  if (places.connect_timeout > places.timeout) {
    problems.add(connect_node->path, R"(is above "timeout")",
                 R"(at most "timeout", which is 5s by default)");
  }
}

}  // namespace

std::optional<PlacesSpec> read_places(const JsonNode& node, const std::string& folder,
                                      Problems& problems) {
  PlacesSpec places;
  if (json_is_string(node.json)) {
    const auto provider = read_choice(node, problems, kProviders);
    if (!provider) return std::nullopt;
    places.provider = *provider;
    if (places.provider == PlacesProvider::kGoogle) {
      problems.add(node.path, R"("google" has no "key_env")", std::string(kGoogleRight));
    }
    return places;
  }
  ObjectReader object(node, problems, kRight);
  if (!object.is_object()) return std::nullopt;
  if (const auto provider_node = object.optional("provider")) {
    const auto provider = read_choice(*provider_node, problems, kProviders);
    if (!provider) return std::nullopt;  // whose keys these are nobody knows
    places.provider = *provider;
  }
  if (places.provider == PlacesProvider::kEmbedded) {
    const SetPlacesEvent faults = read_places_faults(object, problems);
    places.faults = {faults.latency.value_or(Duration(0)), faults.fail.value_or(0),
                     faults.cut.value_or(0), faults.quota};
    if (const auto data = object.optional("data")) {
      places.data = read_data(*data, folder, problems);
    }
    refuse_keys_of_the_other(object, "embedded");
  } else {
    if (const auto key_env = object.required("key_env", kKeyEnvRight)) {
      places.key_env = read_key_env(*key_env, problems);
    }
    places.base_url = kGoogleUrl;
    if (const auto url = object.optional("base_url")) {
      places.base_url = read_base_url(*url, problems);
    }
    refuse_keys_of_the_other(object, "google");
  }
  read_timeouts(object, places, problems);
  object.finish();
  return places;
}

SetPlacesEvent read_places_faults(ObjectReader& object, Problems& problems) {
  SetPlacesEvent faults;
  if (const auto latency = object.optional("latency")) {
    faults.latency = read_duration(*latency, problems, kNonNegativeDuration);
  }
  if (const auto fail = object.optional("fail")) faults.fail = read_share(*fail, problems);
  if (const auto cut = object.optional("cut")) faults.cut = read_share(*cut, problems);
  if (const auto quota = object.optional("quota")) {
    if (const auto requests = read_whole(*quota, problems, 0, kMaxPlacesQuota)) {
      faults.quota = static_cast<std::uint64_t>(*requests);
    }
  }
  return faults;
}

}  // namespace sim
