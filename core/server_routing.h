// A server as the host of its scheme. Only the server's own sources include this.
#pragma once

#include <memory>
#include <string_view>

#include "core/random.h"
#include "core/schemes/propagator.h"
#include "core/server.h"

namespace herd {

class Server::Routing final : public PropagatorHost {
 public:
  // Precondition: the other members of the server are made.
  explicit Routing(Server& server);

  Propagator& scheme() { return *scheme_; }
  // Returns true if the line begins with one of the scheme's words.
  bool has_word(std::string_view line) const;

  std::uint32_t neighbors() const override;
  bool link_is_up(NeighborId neighbor) const override;
  std::string_view name() const override;
  std::string_view neighbor_name(NeighborId neighbor) const override;
  const RecordStore& records() const override;
  const HerdMap* map() const override;
  TreeMemo& trees() override;
  bool recovers() const override;
  Random& random_numbers() override { return random_; }
  void send_news(NeighborId to, const RecordView& record, Moment now) override;
  void say_control(NeighborId to, std::string_view line, Moment now) override;
  void held_by(NeighborId neighbor, const RecordView& record, Moment now) override;
  void compare(NeighborId neighbor, Moment now) override;
  void map_changed(std::uint64_t map, Moment now) override;
  void tree_changed(NeighborId neighbor, std::string_view root, TreeEdge edge, Moment now) override;

 private:
  Server& server_;
  Random random_;
  std::unique_ptr<Propagator> scheme_;
};

}  // namespace herd
