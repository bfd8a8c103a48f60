#include "sim/script/read/read_places.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/fields.h"
#include "sim/base/io/address.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/read_file.h"
#include "sim/script/read/kinds.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kGoogleUrl = "https://maps.googleapis.com";

constexpr std::string_view kPlacesRight = R"("embedded", or an object with a "provider")";
constexpr std::string_view kGoogleRight = R"({"provider": "google", "key_env": NAME})";
constexpr std::string_view kKeyEnvRight =
    R"(the name of the environment variable that holds the key, which ends in _API_KEY, as )"
    R"("GOOGLE_PLACES_API_KEY")";
constexpr std::string_view kBaseUrlRight =
    R"(https, a host, maybe a port and a path, as "https://maps.googleapis.com"; http only to )"
    R"(127.0.0.1, [::1] or localhost, because the key goes there)";
constexpr std::string_view kDataRight = "a CSV or GeoJSON file, from the scenario file's folder";

constexpr Choice<PlacesProvider> kProviders[] = {
    {"embedded", PlacesProvider::kEmbedded},
    {"google", PlacesProvider::kGoogle},
};

// Faults is PlacesFaults, whose values are defaults, or SetPlacesEvent, without defaults.
template <class Faults>
const Fields<Faults>& fault_fields() {
  static const Fields<Faults> kFields = {
      {"latency", kNonNegativeDuration, &Faults::latency, "The wait before every answer."},
      {"fail", kShare, &Faults::fail, "The share of questions that are answered with status 500."},
      {"cut", kShare, &Faults::cut, "The share of answers that are cut off midway."},
      {"quota", WholeKind{0, kMaxPlacesQuota}, &Faults::quota,
       "This many questions are answered before OVER_QUERY_LIMIT."},
  };
  return kFields;
}

bool is_alphanumeric(char c) {
  return herd::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::string_view kKeyEnd = "_API_KEY";
constexpr std::size_t kShortName = 4;

// Another variable may hold a secret that is none of Places' business. No program keeps one under a
// name as short as K, which is handy to try a provider of one's own.
bool is_key_variable(std::string_view name) {
  const bool is_for_keys = name.size() > kKeyEnd.size() && name.ends_with(kKeyEnd);
  const bool is_short = name.size() <= kShortName && name.ends_with('K');
  return (is_for_keys || is_short) && !herd::is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c == '_' || is_alphanumeric(c); });
}

// The value may be the key itself, put here by mistake, so that no error repeats it.
constexpr TextKind kKeyEnv{
    kKeyEnvRight,
    R"("type": "string", "pattern": "^([A-Za-z_][A-Za-z0-9_]*_API_KEY|([A-Za-z_][A-Za-z0-9_]{0,2})?K)$")",
    is_key_variable, "is not the name of a variable for API keys", true};

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
  const auto port = read_whole<std::uint32_t>(text);
  return port && *port >= 1 && *port <= kMaxPort;
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
  const bool is_https = url.starts_with(kHttps);
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
  return is_host(host) && is_path(path) && (is_https || is_loopback_host(host));
}

// The URL may contain the key, so that no error repeats it.
constexpr TextKind kBaseUrl{
    kBaseUrlRight,
    R"("type": "string", "pattern": "^(https://([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+\\])|)"
    R"(http://(127(\\.[0-9]{1,3}){3}|\\[::1\\]|localhost))(:[0-9]+)?(/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?$")",
    is_base_url, "is not a URL that can be used", true};

// The keys of both providers, read beside those of one.
struct TimeoutsGiven {
  std::optional<Duration> connect_timeout, timeout;
};
const Fields<TimeoutsGiven>& timeout_fields() {
  static const Fields<TimeoutsGiven> kFields = {
      {"connect_timeout", kDurationFrom1ms, &TimeoutsGiven::connect_timeout,
       "The timeout of name look-up, TCP and TLS, at most `timeout`. Default: 2s, or `timeout` if "
       "that is less."},
      {"timeout", kDurationFrom1ms, &TimeoutsGiven::timeout, "The timeout of the whole question.",
       with_default(R"("5s")")},
  };
  return kFields;
}

class PlacesReader {
 public:
  PlacesReader(const std::string& folder, Problems& problems)
      : folder_(folder), problems_(problems) {}

  std::optional<PlacesSpec> read(const JsonNode& node) {
    PlacesSpec places;
    if (json_is_string(node.json)) {
      const auto provider = read_choice(node, problems_, kProviders);
      if (!provider) return std::nullopt;
      places.provider = *provider;
      if (places.provider == PlacesProvider::kGoogle) {
        problems_.add(node.path, R"("google" has no "key_env")", std::string(kGoogleRight));
      }
      return places;
    }
    ObjectReader object(node, problems_, kPlacesRight);
    if (!object.is_object()) return std::nullopt;
    if (const auto provider_node = object.optional("provider")) {
      const auto provider = read_choice(*provider_node, problems_, kProviders);
      if (!provider) return std::nullopt;  // it is unknown whose keys these are
      places.provider = *provider;
    }
    if (places.provider == PlacesProvider::kEmbedded) {
      read_fields(object, fault_fields<PlacesFaults>(), places.faults);
      read_fields(object, embedded_fields(), places, *this);
      refuse_keys_of("google", google_keys(), "embedded", embedded_keys(), object);
    } else {
      places.base_url = kGoogleUrl;
      read_fields(object, google_fields(), places);
      // Only a provider on this machine has a URL of plain HTTP.
      if (!places.key_env.empty() && !places.key_env.ends_with(kKeyEnd) &&
          !places.base_url.starts_with("http://")) {
        problems_.add(node.member_path("key_env"),
                      "is a short name, which only a provider on this machine takes",
                      std::string(kKeyEnvRight));
      }
      refuse_keys_of("embedded", embedded_keys(), "google", google_keys(), object);
    }
    read_timeouts(object, places);
    object.finish();
    return places;
  }

  static Schema schema() {
    Property embedded = tag("provider", "embedded", "A Nearby Search server of the run's own.");
    embedded.is_required = false;
    return one_of({R"("const": "embedded")",
                   object_schema(properties_of(embedded, fault_fields<PlacesFaults>(),
                                               embedded_fields(), timeout_fields())),
                   object_schema(properties_of(
                       tag("provider", "google", "Google's server, or one that speaks like it."),
                       google_fields(), timeout_fields()))});
  }

 private:
  static const Fields<PlacesSpec, PlacesReader>& embedded_fields() {
    static const Fields<PlacesSpec, PlacesReader> kFields = {
        {"data", TextKind{kDataRight, R"("type": "string", "minLength": 1)"},
         &PlacesReader::set_data,
         "The places, in a CSV or GeoJSON file. Its path is relative to the scenario's folder. "
         "Default: the GeoNames cities that are built in (CC BY 4.0)."},
    };
    return kFields;
  }
  static const Fields<PlacesSpec>& google_fields() {
    static const Fields<PlacesSpec> kFields = {
        {"key_env", kKeyEnv, &PlacesSpec::key_env, "Where the API key is.", required()},
        {"base_url", kBaseUrl, &PlacesSpec::base_url, "Where questions are sent.",
         with_default(R"("https://maps.googleapis.com")")},
    };
    return kFields;
  }
  using Keys = std::vector<std::string_view>;
  static Keys embedded_keys() {
    Keys keys = keys_of(fault_fields<PlacesFaults>());
    for (const std::string_view key : keys_of(embedded_fields())) keys.push_back(key);
    return keys;
  }
  static Keys google_keys() { return keys_of(google_fields()); }

  static void refuse_keys_of(std::string_view other, const Keys& others, std::string_view provider,
                             Keys own, ObjectReader& object) {
    for (const std::string_view key : keys_of(timeout_fields())) own.push_back(key);
    for (const std::string_view key : others) {
      object.refuse(key, fmt::format("belongs to {}, not to {}", quoted(other), quoted(provider)),
                    fmt::format("{} takes {}", quoted(provider), listed(own, "and")));
    }
  }

  void set_data(const JsonNode& node, const std::string& text, PlacesSpec& places) {
    places.data = text.starts_with('/') ? text : folder_ + text;
    const auto why = check_regular_file(places.data, kMaxDataBytes);
    if (!why) return;
    problems_.add(node.path, quoted(text) + ' ' + *why, std::string(kDataRight));
  }

  void read_timeouts(ObjectReader& object, PlacesSpec& places) {
    TimeoutsGiven given;
    read_fields(object, timeout_fields(), given);
    if (object.has("timeout") != given.timeout.has_value()) return;
    places.timeout = given.timeout.value_or(places.timeout);
    places.connect_timeout =
        given.connect_timeout.value_or(std::min(places.connect_timeout, places.timeout));
    if (places.connect_timeout <= places.timeout) return;
    problems_.add(object.node().member_path("connect_timeout"), R"(is above "timeout")",
                  R"(at most "timeout", which is 5s by default)");
  }

  const std::string& folder_;
  Problems& problems_;
};

}  // namespace

std::optional<PlacesSpec> read_places(const JsonNode& node, const std::string& folder,
                                      Problems& problems) {
  return PlacesReader(folder, problems).read(node);
}

Schema places_schema() { return PlacesReader::schema(); }

const Fields<SetPlacesEvent>& set_places_fields() { return fault_fields<SetPlacesEvent>(); }

}  // namespace sim
