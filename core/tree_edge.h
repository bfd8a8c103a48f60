// What a link is in a structure that a scheme builds, as one of its ends sees it.
#pragma once

namespace herd {

enum class TreeEdge {
  kParent,     // the server has the records of this tree from the neighbour
  kSends,      // it sends them to the neighbour
  kAnnounces,  // it only tells the neighbour of them
};

}  // namespace herd
