// A server's sending through an outbox, and its reading of lines with several records. Only the
// server's own sources include this.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/outbox.h"
#include "core/server.h"

namespace herd {

class Server::Posting {
 public:
  // Precondition: the server's config has an outbox.
  explicit Posting(Server& server);

  // Sends the record when its time comes.
  void send(NeighborId to, const RecordView& record, Moment now);
  // The neighbour holds the record, as this server does.
  void held_by(NeighborId neighbor, const RecordView& record, Moment now);
  void link_down(NeighborId neighbor, Moment now);
  void link_drained(NeighborId neighbor, Moment now) { outbox_.look_again(neighbor, now); }
  // A line whose first word is ATS.
  void batch_line(NeighborId from, const Line& line, Moment now);

  std::optional<Instant> deadline() const { return outbox_.deadline(); }
  void time_reached(Moment now) { outbox_.time_reached(now); }
  bool is_quiet() const { return outbox_.is_empty(); }

 private:
  std::size_t send_batch(NeighborId to, std::span<const std::uint32_t> places, Moment now);

  Server& server_;
  Outbox outbox_;
  std::string line_;                   // memory of the line that is made
  std::vector<std::string> received_;  // and of the AT lines of one that was read
};

}  // namespace herd
