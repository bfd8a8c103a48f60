#include "sim/measure/metrics/accepted_log.h"

#include <utility>

namespace sim {
namespace {

// The columns of a packed block. Behind the last one come the words of the servers that applied the
// update.
enum LogColumn : std::size_t {
  kAccepted,
  kLastDelivery,  // after the acceptance
  kTime,
  kLocation,
  kSubject,
  kServer,
  kReached,
  kMessages,
  kDuplicates,
  kEchoes,
  kStale,
  kLost,
  kTopology,
  kHops,
  kFlags,
  kColumns,
};

constexpr std::uint64_t kMetFault = 1, kMetChange = 2, kUndated = 4, kCoverageUndated = 8;

std::uint64_t flags_of(const AcceptedUpdate& update) {
  return (update.met_fault ? kMetFault : 0) | (update.met_change ? kMetChange : 0) |
         (update.undated ? kUndated : 0) | (update.coverage_undated ? kCoverageUndated : 0);
}

std::uint64_t number(herd::Instant at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

herd::Instant instant(std::uint64_t number) {
  return herd::Instant(Duration(static_cast<std::int64_t>(number)));
}

}  // namespace

std::uint32_t AcceptedLog::add(const AcceptedUpdate& update) {
  if (size_ % kRows == 0) {
    blocks_.emplace_back();
    open(static_cast<std::uint32_t>(blocks_.size() - 1));
  }
  Open& last = *blocks_.back().open;  // it is not packed before it is full
  last.updates.push_back(update);
  last.applied.resize(last.applied.size() + words_);
  point_at(blocks_.back());
  return size_++;
}

std::uint32_t AcceptedLog::packed_subject(const Block& block, std::uint32_t row) {
  return static_cast<std::uint32_t>(block.packed.at(kSubject, row));
}

herd::PosixNs AcceptedLog::packed_time_ns(const Block& block, std::uint32_t row) {
  return static_cast<herd::PosixNs>(block.packed.at(kTime, row));
}

herd::Instant AcceptedLog::accepted(std::uint32_t update) const {
  const Block& block = block_of(update);
  if (block.rows != nullptr) return block.rows[update % kRows].accepted;
  return instant(block.packed.at(kAccepted, update % kRows));
}

std::size_t AcceptedLog::packed_bytes() const {
  std::size_t bytes = 0;
  for (const Block& block : blocks_) bytes += block.packed.bytes();
  return bytes;
}

AcceptedLog::Open& AcceptedLog::open(std::uint32_t block) {
  while (open_blocks_.size() >= most_open_) {
    const std::uint32_t first = open_blocks_.front();
    open_blocks_.pop_front();
    if (blocks_[first].open->updates.size() < kRows) {
      open_blocks_.push_back(first);  // it still grows
      continue;
    }
    pack(blocks_[first]);
  }
  open_blocks_.push_back(block);
  Open& opened = *(blocks_[block].open = spare_ ? std::move(spare_) : std::make_unique<Open>());
  opened.updates.reserve(kRows);
  return opened;
}

void AcceptedLog::point_at(Block& block) {
  block.rows = block.open->updates.data();
  block.applied = block.open->applied.data();
}

void AcceptedLog::reopen(std::uint32_t number_of_block) {
  Open& opened = open(number_of_block);
  Block& block = blocks_[number_of_block];
  for (std::uint32_t row = 0; row < kRows; ++row) {
    opened.updates.push_back(unpack(block, row));
    for (std::size_t word = 0; word < words_; ++word) {
      opened.applied.push_back(block.packed.at(kColumns + word, row));
    }
  }
  point_at(block);
  block.packed = PackedColumns();
}

void AcceptedLog::pack(Block& block) {
  Open& open = *block.open;
  cells_.resize((kColumns + words_) * kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    const AcceptedUpdate& update = open.updates[row];
    const auto set = [&](std::size_t column, std::uint64_t value) {
      cells_[column * kRows + row] = value;
    };
    set(kAccepted, number(update.accepted));
    set(kLastDelivery, number(update.last_delivery) - number(update.accepted));
    set(kTime, static_cast<std::uint64_t>(update.time_ns));
    set(kLocation, update.location_hash);
    set(kSubject, update.subject);
    set(kServer, update.server);
    set(kReached, update.reached);
    set(kMessages, update.messages);
    set(kDuplicates, update.duplicates);
    set(kEchoes, update.echoes);
    set(kStale, update.stale);
    set(kLost, update.lost);
    set(kTopology, update.topology);
    set(kHops, update.hops);
    set(kFlags, flags_of(update));
    for (std::size_t word = 0; word < words_; ++word) {
      set(kColumns + word, open.applied[row * words_ + word]);
    }
  }
  block.packed = PackedColumns(cells_, kRows);
  block.rows = nullptr;
  block.applied = nullptr;
  open.updates.clear();
  open.applied.clear();
  spare_ = std::move(block.open);
}

AcceptedUpdate AcceptedLog::unpack(const Block& block, std::uint32_t row) {
  const auto small = [&](LogColumn column) {
    return static_cast<std::uint32_t>(block.packed.at(column, row));
  };
  AcceptedUpdate update;
  const std::uint64_t accepted = block.packed.at(kAccepted, row);
  update.accepted = instant(accepted);
  update.last_delivery = instant(accepted + block.packed.at(kLastDelivery, row));
  update.time_ns = static_cast<herd::PosixNs>(block.packed.at(kTime, row));
  update.location_hash = block.packed.at(kLocation, row);
  update.subject = small(kSubject);
  update.server = small(kServer);
  update.reached = small(kReached);
  update.messages = small(kMessages);
  update.duplicates = small(kDuplicates);
  update.echoes = small(kEchoes);
  update.stale = small(kStale);
  update.lost = small(kLost);
  update.topology = small(kTopology);
  update.hops = small(kHops) & 0xfff'ffff;
  const std::uint64_t flags = block.packed.at(kFlags, row);
  update.met_fault = (flags & kMetFault) != 0;
  update.met_change = (flags & kMetChange) != 0;
  update.undated = (flags & kUndated) != 0;
  update.coverage_undated = (flags & kCoverageUndated) != 0;
  return update;
}

}  // namespace sim
