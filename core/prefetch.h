// Prefetches what a server will need to handle a report. For a world that knows which reports are
// about to arrive, and whose herd is too large for the processor's caches.
//
// The steps go in order, some time before the report: each reads the memory that the step before
// it prefetched. None has any other effect.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/prefetch_memory.h"
#include "core/server.h"

namespace herd {

class Server::Prefetch {
 public:
  // The number of bytes at the beginning of a Server that every report needs, and that news need
  // and the steps read; the world prefetches these itself.
  static constexpr std::size_t kFirstBytes = 56, kNewsBytes = 192;

  explicit Prefetch(const Server& server) : server_(server) {}

  // Prefetches the place of the report's client in the table of records. `client_hash` is
  // KeptReport::client_hash().
  void slot(std::uint32_t client_hash) const { server_.records_.prefetch_slot(client_hash); }
  // Prefetches the client's record.
  void record(std::uint32_t client_hash) const { server_.records_.prefetch_record(client_hash); }
  // Prefetches the server's links, which sending needs. Reads nothing that the steps prefetched.
  void links() const { prefetch_all(server_.neighbors_); }

 private:
  const Server& server_;
};

inline Server::Prefetch Server::prefetch() const { return Prefetch(*this); }

}  // namespace herd
