#include "core/prefetch.h"

#include <gtest/gtest.h>

#include "tests/core/fake_world.h"
#include "tests/core/report_of.h"

namespace herd {
namespace {

constexpr std::string_view kKiwiReport =
    "AT Hamilton +0.263873386 kiwi +34.068930-118.445127 1479413884.392014450";
constexpr std::string_view kLemon =
    "AT Hamilton +0.263873386 lemon +34.068930-118.445127 1479413884.392014450";

// Returns the report as a server with the default key would keep it.
Record kept(std::string_view line) {
  const RecordView report = report_of(line);
  return Record(report, RecordStore::client_hash({}, report.client));
}

TEST(Prefetch, HasNoOtherEffect) {
  FakeServer world;
  world.link_up();
  const Record kiwi = kept(kKiwiReport), lemon = kept(kLemon);
  for (const Record* each : {&kiwi, &lemon}) {
    world.server.prefetch().slot(each->client_hash());
    world.server.prefetch().record(each->client_hash());
    world.server.prefetch().links();
    EXPECT_EQ(world.trace.take(), "");
    EXPECT_EQ(world.server.records().find(each->view().client), nullptr);
    world.hand_in(0, kiwi.view());
  }
  EXPECT_EQ(world.server.records().size(), 1U);
}

}  // namespace
}  // namespace herd
