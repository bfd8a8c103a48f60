// The settings of a central herd in addition to those of every herd. A central herd is a number of
// front ends that share nothing except one database.
#pragma once

namespace sim {

struct CentralSpec {
  // Whether data that the database has committed survives a crash of the database. The records of
  // other herds never survive a crash.
  bool durable = true;
};

}  // namespace sim
