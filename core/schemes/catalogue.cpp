#include "core/schemes/catalogue.h"

#include <array>

#include "core/schemes/gossip.h"
#include "core/schemes/gossipsub.h"
#include "core/schemes/plumtree.h"
#include "core/schemes/source_tree.h"

namespace herd {

std::span<const SchemeInfo* const> schemes() {
  static constexpr std::array kSchemes{
      &kFloodEchoInfo, &kFloodInfo, &kSourceTreeInfo, &kPlumtreeInfo, &kGossipInfo, &kGossipsubInfo,
  };
  return kSchemes;
}

const SchemeInfo* find_scheme(std::string_view name) {
  for (const SchemeInfo* const each : schemes()) {
    if (each->name == name) return each;
  }
  return nullptr;
}

}  // namespace herd
