// The published schema says the same of numbers, names and defaults as the program.
// tests/e2e/schema_test.py checks that both give the same verdict on files.

#include <gtest/gtest.h>
#include <jansson.h>

#include <memory>
#include <set>
#include <string>

#include "core/propagation.h"
#include "core/recovery.h"
#include "core/schemes/catalogue.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/paper_herd.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

// Where the schema has the keys of objects.
const std::string kQueries = "$defs/clients/properties/queries/oneOf/1/properties/";
const std::string kLink = "$defs/herd/properties/link/properties/";
const std::string kNearest = "$defs/clients/allOf/1/then/properties/handover/properties/";
const std::string kTimed = "$defs/clients/allOf/1/else/properties/handover/properties/";

class PublishedSchema : public testing::Test {
 protected:
  void SetUp() override {
    json_error_t error;
    schema_.reset(json_load_file(HERDSIM_SOURCE_DIR "/scenarios/scenario.schema.json", 0, &error));
    ASSERT_NE(schema_, nullptr) << error.text;
  }

  // Returns the value at a path of keys and indices, for example "$defs/herd/properties".
  const json_t* at(const std::string& path) const {
    const json_t* value = schema_.get();
    std::size_t begin = 0;
    while (value != nullptr && begin <= path.size()) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string name = path.substr(begin, end - begin);
      value = json_is_array(value) ? json_array_get(value, std::stoul(name))
                                   : json_object_get(value, name.c_str());
      begin = end + 1;
    }
    EXPECT_NE(value, nullptr) << path;
    return value;
  }

  json_int_t number(const std::string& path) const { return json_integer_value(at(path)); }

  std::set<std::string> texts(const std::string& path) const {
    std::set<std::string> out;
    const json_t* const list = at(path);
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
      out.insert(json_string_value(json_array_get(list, i)));
    }
    return out;
  }

 private:
  struct Release {
    void operator()(json_t* json) const { json_decref(json); }
  };
  std::unique_ptr<json_t, Release> schema_;
};

TEST_F(PublishedSchema, NamesTheMetrics) {
  std::set<std::string> numeric;
  for (const SummaryColumn& column : kSummaryColumns) {
    if (column.numeric()) numeric.emplace(column.name);
  }
  EXPECT_EQ(texts("properties/expect/items/properties/metric/enum"), numeric);
}

TEST_F(PublishedSchema, NamesThePapersServers) {
  EXPECT_EQ(texts("$defs/herd/properties/servers/default"),
            std::set<std::string>(kPaperServers.begin(), kPaperServers.end()));
}

TEST_F(PublishedSchema, NamesSchemesThatThereAre) {
  const auto schemes = texts("$defs/herd/properties/propagation/oneOf/0/enum");
  EXPECT_FALSE(schemes.empty());
  for (const std::string& scheme : schemes) EXPECT_NE(herd::find_scheme(scheme), nullptr) << scheme;
}

TEST_F(PublishedSchema, HasTheDefaultsOfPlacesAndQueries) {
  const auto scenario = parse_scenario("t.json", R"({"name": "t", "duration": "1s",
      "herds": [{"name": "a", "places": {"provider": "google", "key_env": "K_API_KEY"}}],
      "clients": [{"id": "c", "server": "Ball", "queries": "1/s"}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_EQ(
      json_string_value(at("$defs/herd/properties/places/oneOf/2/properties/base_url/default")),
      scenario->herds[0].places.base_url);
  EXPECT_EQ(number(kQueries + "bound/default"), scenario->clients[0].queries->bound);
}

TEST_F(PublishedSchema, NamesRecoveriesThatThereAre) {
  const auto recoveries = texts("$defs/herd/properties/recovery/oneOf/0/enum");
  EXPECT_EQ(recoveries.size(), 2U);
  for (const std::string& each : recoveries) EXPECT_TRUE(herd::recovery_from(each)) << each;
}

TEST_F(PublishedSchema, NamesOrdersThatThereAre) {
  const auto orders = texts("$defs/herd/properties/order/enum");
  EXPECT_EQ(orders.size(), 2U);
  for (const std::string& each : orders) EXPECT_TRUE(herd::record_order_from(each)) << each;
}

// A scenario with every default of the schema written out equals one without them.
TEST_F(PublishedSchema, HasTheDefaultsOfLinksClocksAndHandovers) {
  const auto text = [&](const std::string& path) {
    return std::string(json_string_value(at(path)));
  };
  const std::string conditions =
      R"({"latency": ")" + text(kLink + "latency/default") + R"(", "jitter": ")" +
      text(kLink + "jitter/default") + R"(", "bandwidth": ")" + text(kLink + "bandwidth/default") +
      R"(", "loss": )" + std::to_string(number(kLink + "loss/default")) + "}";
  const auto scenario =
      parse_scenario("t.json", R"({"name": "t", "duration": "1s",
      "herds": [{"name": "a", "links": "line", "link": )" +
                                   conditions + R"(,
                 "recovery": ")" + text("$defs/herd/properties/recovery/default") +
                                   R"(", "order": ")" +
                                   text("$defs/herd/properties/order/default") +
                                   R"(",
                 "servers": [{"name": "A", "at": "+1+1", "skew": ")" +
                                   text("$defs/server/properties/skew/default") + R"("},
                             {"name": "B", "at": "+2+2"}]}],
      "clients": [{"id": "c", "server": "nearest", "link": )" +
                                   conditions + R"(,
          "handover": {"hysteresis": ")" +
                                   text(kNearest + "hysteresis/default") + R"(", "check": ")" +
                                   text(kNearest + "check/default") + R"(", "on_loss": ")" +
                                   text(kNearest + "on_loss/default") + R"("}},
        {"id": "d", "server": "A", "handover": {"every": "1s", "to": ")" +
                                   text(kTimed + "to/default") +
                                   R"("}}],
      "events": [{"at": "0s", "do": "link_down", "link": ["A", "B"], "how": ")" +
                                   text("$defs/event/oneOf/0/properties/how/default") + R"("}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_EQ(scenario->herds[0].link, HerdSpec{}.link);
  EXPECT_EQ(scenario->herds[0].recovery, HerdSpec{}.recovery);
  EXPECT_EQ(scenario->herds[0].order, HerdSpec{}.order);
  EXPECT_EQ(scenario->herds[0].servers[0].skew, ClockSkew{});
  EXPECT_EQ(scenario->clients[0].link, ClientGroup{}.link);
  EXPECT_EQ(scenario->clients[0].handover.hysteresis_m, Handover{}.hysteresis_m);
  EXPECT_EQ(scenario->clients[0].handover.check, Handover{}.check);
  EXPECT_EQ(scenario->clients[0].handover.on_loss, Handover{}.on_loss);
  EXPECT_EQ(scenario->clients[1].handover.to, Handover{}.to);
  EXPECT_EQ(std::get<LinkDownEvent>(scenario->events[0].action).how, LinkDownEvent{}.how);
}

// The defaults that tables of keys state because code, and no member, has them.
TEST_F(PublishedSchema, HasTheDefaultsThatCodeHas) {
  const std::string herd = "$defs/herd/properties/";
  const std::string mobility = "$defs/clients/properties/mobility/";
  const auto shown = [&](const std::string& path) {
    const json_t* const value = at(path + "/default");
    const std::string text(json_is_string(value) ? json_string_value(value) : "");
    return json_is_string(value) ? '"' + text + '"' : std::to_string(json_integer_value(value));
  };
  const auto scenario = parse_scenario(
      "t.json", R"({"name": "t", "duration": "1s",
      "herds": [{"name": "a", "links": "line",
                 "servers": [{"name": "A", "skew": {"drift": )" +
                    shown("$defs/skew/oneOf/1/properties/drift") +
                    R"(}}, "B"],
                 "loops": )" +
                    shown(herd + "loops") + R"(, "engine": )" + shown(herd + "engine") +
                    R"(, "places": {"timeout": )" +
                    shown(herd + "places/oneOf/1/properties/timeout") +
                    R"(}}],
      "clients": [{"id": "c", "server": "A", "mobility": )" +
                    shown("$defs/clients/properties/mobility") +
                    R"(, "queries": {"rate": "1/s", "about": )" + shown(kQueries + "about") + R"(}},
        {"id": "d", "server": "A", "mobility": {"model": "gauss_markov", "speed": "1m/s",
         "area": ["+1+1", "+2+2"], "speed_deviation": )" +
                    shown(mobility + "oneOf/4/properties/speed_deviation") +
                    R"(}},
        {"id": "e", "server": "A", "mobility": {"model": "levy_walk", "speed": "1m/s",
         "flight": "1m", "area": ["+1+1", "+2+2"], "pause": )" +
                    shown(mobility + "oneOf/5/properties/pause") + "}}]}");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  const HerdSpec& spec = scenario->herds[0];
  EXPECT_EQ(spec.servers[0].skew, ClockSkew{});
  EXPECT_EQ(spec.loops, HerdSpec{}.loops);
  EXPECT_FALSE(spec.central || spec.external);
  EXPECT_EQ(spec.places.timeout, PlacesSpec{}.timeout);
  EXPECT_TRUE(std::holds_alternative<StillMobility>(scenario->clients[0].mobility));
  EXPECT_TRUE(std::holds_alternative<AboutSelf>(scenario->clients[0].queries->about));
  const auto& drift = std::get<GaussMarkovMobility>(scenario->clients[1].mobility);
  EXPECT_EQ(drift.speed_deviation_mps, GaussMarkovMobility{}.speed_deviation_mps);
  const auto& walk = std::get<LevyWalkMobility>(scenario->clients[2].mobility);
  EXPECT_EQ(walk.pause.max, LevyWalkMobility{}.pause.max);
}

TEST_F(PublishedSchema, HasTheLimits) {
  EXPECT_EQ(json_real_value(at("$defs/loss/oneOf/0/maximum")), kMaxLoss);
  EXPECT_EQ(number("properties/seed/maximum"), kMaxSeed);
  EXPECT_EQ(number("$defs/herd/properties/servers/oneOf/0/maxItems"), kMaxServers);
  EXPECT_EQ(number("$defs/herd/properties/servers/oneOf/1/maximum"), kMaxServers);
  EXPECT_EQ(number("$defs/herd/properties/loops/maximum"), kMaxLoops);
  EXPECT_EQ(number("$defs/herd/properties/links/oneOf/0/maxItems"),
            static_cast<json_int_t>(kMaxLinks));
  EXPECT_EQ(number("$defs/server/properties/port/maximum"), kMaxPort);
  EXPECT_EQ(number("$defs/clients/properties/count/maximum"), kMaxClients);
  EXPECT_EQ(number(kQueries + "bound/maximum"), kMaxQueryBound);
  EXPECT_EQ(number("$defs/herd/properties/places/oneOf/1/properties/quota/maximum"),
            kMaxPlacesQuota);
  EXPECT_EQ(number("$defs/event/oneOf/2/properties/updates/maximum"), kMaxBurstUpdates);
  EXPECT_EQ(number("$defs/event/oneOf/2/properties/clients/maximum"), kMaxClients);
}

TEST(ShippedScenarios, AreRight) {
  for (const std::string name : {"paper", "flooding", "link-drop", "burst", "places", "mobility",
                                 "partition", "churn", "slow-links", "chaos"}) {
    const auto scenario = load_scenario(HERDSIM_SOURCE_DIR "/scenarios/" + name + ".json");
    ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
    EXPECT_EQ(scenario->name, name);
    EXPECT_FALSE(scenario->about.empty());
  }
}

}  // namespace
}  // namespace sim
